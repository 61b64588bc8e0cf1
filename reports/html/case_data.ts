import type { ChartEntry } from "../../lib/run/event.ts";
import type { CaseResult, RunResult } from "../../lib/run/result.ts";
import { caseMarkdown, conformCommand } from "../bug_report.ts";
import { failureText } from "../failure_text.ts";
import { bytesOf } from "../hex.ts";
import { columns } from "../lanes.ts";
import { cut, visible } from "../../lib/ground/text.ts";

/** What the page's script needs to draw a case when a reader opens it; `script/detail.js` reads it. */
export interface CaseData {
  readonly at: string;
  readonly lanes: readonly string[];
  /** Source, line, 1 when it failed, opening. */
  readonly steps: readonly (readonly [string, number, 0 | 1, string])[];
  readonly chart: readonly EntryData[];
  /** How many entries were left out of the chart's middle. */
  readonly cut: number;
  /** The command that runs the case again. */
  readonly command: string;
  /** The failure as text, for a case whose part is not in the page. */
  readonly text?: string | undefined;
  /** The bug report in Markdown, of a case that did not pass. */
  readonly report?: string | undefined;
}

/** ms since the case began, lane, 0 sent 1 received 2 note, step or -1, text, hex, size, 1 when foreign, violations. */
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

/** Entries of one chart in the page; the ends of a conversation tell more than its middle. */
const CHART_ENTRIES = 3_000;
const LABEL = 600;
const VIOLATIONS = 20;
/** Bytes of a packet that are kept of a case that passed, and of another. */
const HEX = { quiet: 128, loud: 1_024 };

/** The details of one case; `written` says that the page has its failure as markup already. */
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
