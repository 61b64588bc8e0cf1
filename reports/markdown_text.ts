import { visible } from "../lib/ground/text.ts";

/** Lines of text between fences. A fence must be longer than any run of backticks in what it holds. */
export function* fenced(text: string): Generator<string> {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  yield* [`${fence}text`, text, fence, ""];
}

/** Text with everything that Markdown or HTML would take as markup escaped. */
export function inline(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, (found) => `\\${found}`);
}
