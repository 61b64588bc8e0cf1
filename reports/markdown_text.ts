import { visible } from "../lib/ground/text.ts";

/** A fenced code block. Its fence is longer than any run of backticks in the text. */
export function* fenced(text: string): Generator<string> {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  yield* [`${fence}text`, text, fence, ""];
}

/** Escapes everything in a text that Markdown or HTML would read as markup. */
export function inline(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, (found) => `\\${found}`);
}
