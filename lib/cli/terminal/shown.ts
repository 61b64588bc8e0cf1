import { stripVTControlCharacters } from "node:util";
import { visibleLines } from "../../ground/text.ts";

/** The sequences that colours and weights are made of; they change nothing but how the text behind them looks. */
// deno-lint-ignore no-control-regex
const PAINT = /(\x1b\[[0-9;]{1,8}m)/;

/**
 * The text as it goes to a terminal or a pipe, whoever wrote it: no character but a line feed steers anything. With `colours` the
 * sequences of colours stay; without them all sequences are taken out.
 */
export function shown(text: string, colours: boolean): string {
  if (!colours) return visibleLines(stripVTControlCharacters(text));
  return text.split(PAINT).map((part, at) => at % 2 === 1 ? part : visibleLines(part)).join("");
}
