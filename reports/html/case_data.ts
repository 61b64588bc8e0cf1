import type { ChartEntry } from "../../lib/run/event.ts";
import type { CaseResult, RunResult } from "../../lib/run/result.ts";
import { caseMarkdown } from "../bug_report.ts";
import { conformCommand } from "../reproduce.ts";
import { failureText } from "../failure_text.ts";
import { bytesOf } from "../hex.ts";
import { columns } from "../lanes.ts";
import { cut, visible } from "../../lib/ground/text.ts";

/** The data with which the page's script draws an opened case; `script/detail.js` reads it. */
export interface CaseData {
  readonly at: string;
  readonly lanes: readonly string[];
  /** Source, line, 1 if it failed, opening. */
  readonly steps: readonly (readonly [string, number, 0 | 1, string])[];
  readonly chart: readonly EntryData[];
  /** How many entries are left out of the middle of the chart. */
  readonly cut: number;
  /** The command that runs the case again. */
  readonly command: string;
  /** The failure as text, if the page does not have it as markup. */
  readonly text?: string | undefined;
  /** The bug report in Markdown, for a case that did not pass. */
  readonly report?: string | undefined;
}

/** ms since the case began, lane, 0 sent 1 received 2 note, step or -1, text, hex, size, 1 if foreign, violations. */
export type EntryData = readonly [
  at: number,
  lane: number,
  direction: 0 | 1 | 2,
  step: number,
  text: string,
  hex: string,
  size: number,
  foreign: 0 | 1,
  violations: readonly string[],
];

/** The most entries of a chart in the page. The ends of a conversation are more informative than its middle. */
const CHART_ENTRIES = 3_000;
const LABEL = 600;
const VIOLATIONS = 20;
/** The most bytes kept of a packet, for a case that passed and for any other. */
const HEX = { quiet: 128, loud: 1_024 };

/** The details of one case; `written` says that the page already has its failure as markup. */
export function caseData(one: CaseResult, result: RunResult, written: boolean): CaseData {
  const quiet = one.standing === "pass" || one.standing === "skip";
  const lanes = columns(one);
  const entries = ends(one.chart);
  return {
    at: visible(`${one.file}:${one.line}`),
    lanes: lanes.map(visible),
    steps: one.steps.map((step) =>
      [
        cut(visible(step.source), LABEL),
        step.line,
        step.outcome === "failed" ? 1 : 0,
        visible(step.opening ?? ""),
      ] as const
    ),
    chart: entries.map((entry) => entryData(entry, lanes, one.startedMs, quiet ? HEX.quiet : HEX.loud)),
    cut: one.chart.length - entries.length,
    command: visible(conformCommand(one, result)),
    text: written || quiet && one.failure === undefined ? undefined : failureText(one),
    report: quiet && one.failure === undefined ? undefined : caseMarkdown(one, result),
  };
}

function ends<T>(entries: readonly T[]): readonly T[] {
  if (entries.length <= CHART_ENTRIES) return entries;
  return [...entries.slice(0, CHART_ENTRIES / 2), ...entries.slice(-CHART_ENTRIES / 2)];
}

function entryData(
  entry: ChartEntry,
  lanes: readonly string[],
  startedMs: number,
  hexBytes: number,
): EntryData {
  return [
    Math.round((entry.t - startedMs) * 100) / 100,
    lanes.indexOf(entry.lane),
    entry.direction === "sent" ? 0 : entry.direction === "received" ? 1 : 2,
    entry.step ?? -1,
    cut(visible(entry.text), LABEL),
    bytesOf(entry.hex ?? "").subarray(0, hexBytes).toHex(),
    entry.size ?? 0,
    entry.foreign === true ? 1 : 0,
    (entry.violations ?? []).slice(0, VIOLATIONS).map((violation) => cut(visible(violation), LABEL)),
  ];
}
