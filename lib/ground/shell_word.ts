import { visible } from "./text.ts";

/** A word of a command line as a POSIX shell takes it, in single quotes where it needs them. */
export function shellWord(word: string): string {
  const shown = visible(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
