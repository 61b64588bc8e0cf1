import { UsageError } from "../../catalog/usage_error.ts";
import { TransportError } from "../../transport/error.ts";
import type { Screen } from "../terminal/screen.ts";

/** Prints a table of defects, for `--defects`. */
export function printDefects(
  screen: Screen,
  defects: readonly { readonly id: string; readonly description: string }[],
): void {
  printList(screen, defects.map(({ id, description }) => [id, description]));
}

/** Prints a table of quirks, for `--quirks`. */
export function printQuirks(
  screen: Screen,
  quirks: readonly { readonly id: string; readonly about: string }[],
): void {
  printList(screen, quirks.map(({ id, about }) => [id, about]));
}

function printList(screen: Screen, rows: readonly (readonly [id: string, text: string])[]): void {
  const width = Math.max(...rows.map(([id]) => id.length));
  for (const [id, text] of rows) screen.print(`${id.padEnd(width)}  ${text}`);
}

/** Serves, and turns the user's mistakes, such as an unknown defect or a port in use, into a {@link UsageError}. */
export async function orUsage(serve: () => Promise<void>): Promise<void> {
  try {
    await serve();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UsageError("The port is in use; choose another one, or 0 for any free port");
    }
    const mistaken = error instanceof RangeError || error instanceof TransportError ||
      (error instanceof Error && /^Unknown(Defect|Quirk)/.test(error.name));
    throw mistaken ? new UsageError(error.message) : error;
  }
}
