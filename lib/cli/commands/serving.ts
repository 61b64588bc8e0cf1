import { UsageError } from "../../catalog/usage_error.ts";
import type { Screen } from "../terminal/screen.ts";

/** Prints a table of defects, for `--defects`. */
export function printDefects(
  screen: Screen,
  defects: readonly { readonly id: string; readonly description: string }[],
): void {
  const width = Math.max(...defects.map(({ id }) => id.length));
  for (const { id, description } of defects) screen.print(`${id.padEnd(width)}  ${description}`);
}

/** Serves, and turns the user's mistakes, such as an unknown defect or a port in use, into a {@link UsageError}. */
export async function orUsage(serve: () => Promise<void>): Promise<void> {
  try {
    await serve();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UsageError("The port is in use; take another one, or 0 for any free one");
    }
    if (error instanceof RangeError || (error instanceof Error && error.name.startsWith("UnknownDefect"))) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
