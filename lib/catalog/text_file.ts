import { messageOf } from "../ground/error_message.ts";
import type { Place } from "../spec/place.ts";
import { formatProblems } from "../spec/problem.ts";
import { shownPath } from "./home.ts";
import { UsageError } from "./usage_error.ts";

/** Reads the text of a file. Throws a {@link UsageError} with the reason if it cannot be read. */
export async function readText(url: URL): Promise<string> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    const path = shownPath(url);
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`There is no file "${path}"`);
    if (error instanceof Deno.errors.IsADirectory) {
      throw new UsageError(`"${path}" is a folder; expected a file, so name one in it`);
    }
    throw new UsageError(`Cannot read "${path}": ${messageOf(error)}`);
  }
}

/** The place in a file that refers to another file. */
export interface Naming {
  readonly url: URL;
  readonly place: Place;
}

/**
 * Reads the text of a file that another file refers to. Throws a {@link UsageError} that shows the reference,
 * and what to do if `hint` is given.
 */
export async function readNamedText(url: URL, naming: Naming | undefined, hint?: string): Promise<string> {
  try {
    return await readText(url);
  } catch (error) {
    if (!naming || !(error instanceof UsageError)) throw error;
    const { place } = naming;
    const message = error.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    throw new UsageError(
      formatProblems([{ message, place, hint }], new Map([[place.file, await readText(naming.url)]])),
    );
  }
}
