import { visible } from "../lib/ground/text.ts";
import type { RunResult } from "../lib/run/result.ts";
import { standingWord } from "./comparison.ts";

/** The cases of a run as CSV, a row each, with a head. */
export function renderCsv(result: RunResult): string {
  const head = ["case", "target", "protocol", "level", "verdict", "standing", "ms", "reason"];
  const rows = result.cases.map((one) => [
    one.id,
    one.target,
    one.protocol ?? "",
    one.level,
    one.verdict,
    standingWord(one.standing),
    String(one.durationMs),
    one.reason ?? "",
  ]);
  return csvText([head, ...rows]);
}

/** Rows as CSV by RFC 4180. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A value; a spreadsheet would compute one that begins like a formula, and a number is none. */
function field(text: string): string {
  const shown = visible(text);
  const safe = /^[=+@]|^-(?!\d)/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
