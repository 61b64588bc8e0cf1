import { dirname } from "node:path";
import { UsageError } from "../../catalog/usage_error.ts";
import { messageOf } from "../../ground/error_message.ts";

/** Creates a folder for results if it does not exist. Throws {@link UsageError}, which says what prevents it. */
export async function makeResultsFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw await unwritable(folder, error);
  }
}

/** Why results can't be written to a folder: a file in its place, or what the system says. */
export async function unwritable(folder: string, error: unknown): Promise<UsageError> {
  if (error instanceof UsageError) return error;
  const file = await fileOnTheWay(folder);
  return new UsageError(
    `The results can't be written to "${folder}": ${
      file === undefined ? messageOf(error) : `"${file}" is a file`
    }${file === undefined ? "" : "; --out expects a folder, which is made if it is not there"}`,
  );
}

/** The part of a path that is a file instead of a folder. */
async function fileOnTheWay(path: string): Promise<string | undefined> {
  for (let part = path; part !== "" && part !== dirname(part); part = dirname(part)) {
    const found = await Deno.stat(part).catch(() => undefined);
    if (found) return found.isDirectory ? undefined : part;
  }
  return undefined;
}
