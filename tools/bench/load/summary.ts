import { plainTable } from "../../../lib/cli/terminal/plain_table.ts";
import type { Figures } from "./measure.ts";
import { type Column, COLUMNS } from "./peers.ts";
import type { BenchRow } from "./rows.ts";

/** The results of the rounds of one row, by tool. */
export type Rounds = ReadonlyMap<string, { readonly column: Column; readonly figures: readonly Figures[] }>;

/** A row of the table with its verdict. */
export interface JudgedRow {
  readonly row: BenchRow;
  readonly cells: Readonly<Record<Column, string>>;
  readonly goal: string;
  /** `reached`, `missed`, or why there is no verdict. */
  readonly verdict: string;
}

/**
 * Returns the median of several rounds by the row's own figure; for an even number the better one of the
 * middle two.
 */
export function median(row: BenchRow, figures: readonly Figures[]): Figures | undefined {
  const sorted = figures.filter((one) => row.figure(one) !== undefined)
    .toSorted((a, b) => (row.figure(a) ?? 0) - (row.figure(b) ?? 0));
  const middle = (sorted.length - 1) / 2;
  return sorted[row.moreIsBetter ? Math.ceil(middle) : Math.floor(middle)];
}

/** Puts the medians into the columns, takes the better of two tools that share one, and judges attest. */
export function judge(row: BenchRow, rounds: Rounds): JudgedRow {
  const best = new Map<Column, { name: string; figures: Figures }>();
  for (const [name, { column, figures }] of rounds) {
    const mine = median(row, figures);
    if (!mine) continue;
    const other = best.get(column);
    if (other) {
      const [a = 0, b = 0] = [row.figure(mine), row.figure(other.figures)];
      if (row.moreIsBetter ? a <= b : a >= b) continue;
    }
    best.set(column, { name, figures: mine });
  }
  const cell = (column: Column) => {
    const found = best.get(column);
    if (!found) return "–";
    return row.show(found.figures) + (column === "other" ? ` (${found.name})` : "");
  };
  const cells = Object.fromEntries(COLUMNS.map((column) => [column, cell(column)])) as Record<Column, string>;
  const goal = row.goal(best.get("libmosquitto")?.figures);
  // If the throughput mode does not apply, judge the latency mode.
  const attest = best.get(row.throughput ? "attest" : "attest latency")?.figures;
  return { row, cells, goal: goal?.text ?? "–", verdict: verdictOf(goal, attest) };
}

function verdictOf(goal: ReturnType<BenchRow["goal"]>, attest: Figures | undefined): string {
  if (!attest) return "attest has no figure";
  if (!goal) return "no goal: libmosquitto has no figure";
  return goal.reached(attest) ? "reached" : "missed";
}

/** Formats the table of all rows. */
export function tableOf(judged: readonly JudgedRow[]): string {
  const head = [
    "work",
    "unit",
    "floor: raw C, batched",
    "raw C, a packet per call",
    "C on libmosquitto",
    "best other tool",
    "attest must reach",
    "attest, throughput mode",
    "attest, latency mode",
    "verdict",
  ];
  return plainTable(
    head,
    judged.map(({ row, cells, goal, verdict }) => [
      row.work,
      row.unit,
      cells.batched,
      cells.raw,
      cells.libmosquitto,
      cells.other,
      goal,
      row.throughput ? cells.attest : "–",
      cells["attest latency"],
      verdict,
    ]),
  );
}
