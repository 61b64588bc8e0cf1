import { visible } from "../../lib/ground/text.ts";
import type { CaseResult } from "../../lib/run/result.ts";

/** How many names stand in one cell; the other reports have them all. */
const NAMED = 6;
/** The longest text of a cell, in characters. */
export const LONGEST = 400;

/** The ids of cases without their rows, each with the number of its runs; only the first few. */
export function named(cases: readonly CaseResult[]): string {
  const groups = Map.groupBy(cases, ({ id }) => id.replace(/\[.*$/s, ""));
  return some([...groups].map(([id, runs]) => runs.length > 1 ? `${id} (${runs.length})` : id));
}

/** The first few of some names, and how many more there are. */
export function some(names: readonly string[]): string {
  const more = names.length > NAMED ? [`and ${names.length - NAMED} more`] : [];
  return [...names.slice(0, NAMED).map(visible), ...more].join(", ");
}
