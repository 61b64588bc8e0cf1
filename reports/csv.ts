import { visible } from "../lib/ground/text.ts";
import type { RunResult } from "../lib/run/result.ts";
import { standingWord } from "./comparison.ts";

/** The cases of a run as CSV, one row each, with a header. */
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

/**
 * A value as CSV. A text that begins like a formula is escaped, because a spreadsheet would compute it; a number is
 * not.
 */
function field(text: string): string {
  const shown = visible(text);
  const safe = /^[=+@]|^-(?!\d)/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
