import { stripVTControlCharacters } from "node:util";
import { visibleLines } from "../../ground/text.ts";

/** The escape sequences for colours and weights, which change only how the following text looks. */
// deno-lint-ignore no-control-regex
const PAINT = /(\x1b\[[0-9;]{1,8}m)/;

/**
 * Makes any text safe for a terminal or a pipe: no character except a line feed controls anything. With `colours` the sequences
 * of colours are kept; otherwise all sequences are removed.
 */
export function shown(text: string, colours: boolean): string {
  if (!colours) return visibleLines(stripVTControlCharacters(text));
  return text.split(PAINT).map((part, at) => at % 2 === 1 ? part : visibleLines(part)).join("");
}
