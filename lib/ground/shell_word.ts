import { visible } from "./text.ts";

/** A word of a command line as a POSIX shell takes it, in single quotes where it needs them. */
export function shellWord(word: string): string {
  const shown = visible(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** The words of a command line as a POSIX shell splits them: quotes are taken, nothing is expanded. */
export function shellWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? "")
  );
}
