import type { ChartEntry } from "../lib/run/event.ts";
import type { CaseResult } from "../lib/run/result.ts";
import { columns, TARGET_LANE } from "./lanes.ts";
import { cut, visible } from "../lib/ground/text.ts";

/** Which part of a chart to show. */
export interface ChartTextOptions {
  /** How many entries to show, from the end; default all. */
  readonly last?: number;
  /** The longest label in characters; default 160. */
  readonly label?: number;
}

/**
 * The sequence chart of a case as lines of text: the time in ms since the case began, a column for each lane, an
 * arrow for each packet, and the packet's label. Empty if nothing was recorded.
 */
export function chartText(
  one: Pick<CaseResult, "lanes" | "chart" | "startedMs">,
  options: ChartTextOptions = {},
): string {
  if (one.chart.length === 0) return "";
  const lanes = columns(one);
  const names = lanes.map((lane) => cut(visible(lane), 24));
  const grid = layout(names);
  const entries = one.chart.slice(-(options.last ?? one.chart.length));
  const lines = [" ".repeat(TIME) + grid.head + "  "];
  const left = one.chart.length - entries.length;
  if (left > 0) lines.push(`${"…".padStart(TIME - 1)} ${grid.rest()}  (${left} earlier)`);
  for (const entry of entries) {
    const time = (entry.t - one.startedMs).toFixed(0).padStart(TIME - 1);
    lines.push(
      `${time} ${row(entry, lanes, grid)}  ${cut(visible(entry.text), options.label ?? 160)}${marks(entry)}`,
    );
    for (const violation of entry.violations ?? []) {
      lines.push(`${" ".repeat(TIME)}${grid.rest()}    ! ${visible(violation)}`);
    }
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

const TIME = 8;

interface Grid {
  readonly head: string;
  readonly centres: readonly number[];
  /** A row with only the lifelines. */
  readonly rest: () => string;
}

function layout(names: readonly string[]): Grid {
  const width = Math.max(9, ...names.map((name) => name.length + 2));
  const centres = names.map((_, index) => index * width + Math.floor(width / 2));
  const head = names.map((name) => {
    const left = Math.floor((width - name.length) / 2);
    return " ".repeat(left) + name + " ".repeat(width - name.length - left);
  }).join("");
  const blank = " ".repeat(width * names.length);
  const rest = () => Array.from(blank, (space, at) => centres.includes(at) ? "│" : space).join("");
  return { head, centres, rest };
}

function row(entry: ChartEntry, lanes: readonly string[], grid: Grid): string {
  const own = grid.centres[lanes.indexOf(entry.lane)] ?? 0;
  const target = grid.centres[lanes.indexOf(TARGET_LANE)] ?? 0;
  const cells = Array.from(grid.rest());
  if (entry.direction === "note" || own === target) {
    cells[own] = "*";
    return cells.join("");
  }
  const [from, to] = entry.direction === "sent" ? [own, target] : [target, own];
  for (let at = Math.min(from, to) + 1; at < Math.max(from, to); at++) cells[at] = "─";
  cells[to] = from < to ? "▶" : "◀";
  return cells.join("");
}

function marks(entry: ChartEntry): string {
  return entry.foreign === true ? "  (not part of this case, ignored)" : "";
}
