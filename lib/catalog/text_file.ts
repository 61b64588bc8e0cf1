import { messageOf } from "../ground/error_message.ts";
import { shownPath } from "./home.ts";
import { UsageError } from "./usage_error.ts";

/** Reads the text of a file. Throws a {@link UsageError} that says why a file can't be read. */
export async function readText(url: URL): Promise<string> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    const path = shownPath(url);
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`There is no file "${path}"`);
    if (error instanceof Deno.errors.IsADirectory) throw new UsageError(`"${path}" is a folder, not a file`);
    throw new UsageError(`"${path}" can't be read: ${messageOf(error)}`);
  }
}
