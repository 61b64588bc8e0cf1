import type { ChartEntry } from "../../lib/run/event.ts";
import type { CaseResult, RunResult } from "../../lib/run/result.ts";
import { failureText, reasonOf } from "../failure_text.ts";
import { spacedHex } from "../hex.ts";
import { columns } from "../lanes.ts";
import { cut, visible } from "../../lib/ground/text.ts";

/**
 * What the page's script needs to draw a case when a reader opens it. Names are short since a run of 1,500 cases
 * holds 30,000 entries; `page.js` reads them.
 */
export interface CaseData {
  /** Standing, suite, target, protocol: what is filtered and sorted by. */
  readonly v: string;
  readonly u: string;
  readonly t: string;
  readonly p: string;
  readonly id: string;
  readonly ms: number;
  /** Indexes into {@link PageData.clauses}. */
  readonly k: readonly number[];
  readonly tags: readonly string[];
  readonly level: string;
  readonly purpose: string;
  readonly reason: string;
  readonly at: string;
  readonly warnings: readonly string[];
  readonly lanes: readonly string[];
  /** Source, line, 1 when it failed, opening. */
  readonly steps: readonly (readonly [string, number, 0 | 1, string])[];
  readonly chart: readonly EntryData[];
  /** How many entries were left out of the chart's middle. */
  readonly cut: number;
  /** The failure as text, for a case whose part is not in the page. */
  readonly text?: string | undefined;
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

/** The content of the page's JSON part. */
export interface PageData {
  readonly clauses: readonly (readonly [protocol: string, clause: string, text: string])[];
  readonly cases: readonly CaseData[];
}

/** Entries of one chart in the page; the ends of a conversation tell more than its middle. */
const CHART_ENTRIES = 300;
const LABEL = 600;
/** Cases in the page whose charts are kept when they pass; beyond it only what did not pass has a chart. */
const CHARTED_PASSES = 4_000;

/** The page's data; `written` are the cases that have their failure as markup already. */
export function pageData(
  result: RunResult,
  shown: readonly CaseResult[],
  written: ReadonlySet<CaseResult>,
): PageData {
  const clauses = result.coverage.map(({ protocol, clause, text }) =>
    [visible(protocol), visible(clause), visible(text)] as const
  );
  const numbers = new Map(
    result.coverage.map(({ protocol, clause }, index) => [JSON.stringify([protocol, clause]), index]),
  );
  return {
    clauses,
    cases: shown.map((one, index) => {
      const quiet = one.standing === "pass" || one.standing === "skip";
      const covers = one.covers.flatMap((clause) =>
        numbers.get(JSON.stringify([one.protocol, clause])) ?? []
      );
      return caseData(one, covers, quiet && index >= CHARTED_PASSES, written.has(one));
    }),
  };
}

function caseData(one: CaseResult, covers: readonly number[], bare: boolean, written: boolean): CaseData {
  const quiet = one.standing === "pass" || one.standing === "skip";
  const lanes = columns(one);
  const entries = bare ? [] : ends(one.chart);
  return {
    v: one.standing,
    u: visible(one.suite),
    t: visible(one.target),
    p: visible(one.protocol),
    id: visible(one.id),
    ms: Math.round(one.durationMs * 10) / 10,
    k: covers,
    tags: one.tags.map(visible),
    level: one.level,
    purpose: visible(one.purpose),
    reason: cut(visible(reasonOf(one)), LABEL),
    at: visible(`${one.file}:${one.line}`),
    warnings: one.warnings.map(visible),
    lanes: lanes.map(visible),
    steps: bare ? [] : one.steps.map((step) =>
      [
        cut(visible(step.source), LABEL),
        step.line,
        step.outcome === "failed" ? 1 : 0,
        visible(step.opening ?? ""),
      ] as const
    ),
    chart: entries.map((entry) => entryData(entry, lanes, one.startedMs, quiet ? 96 : 512)),
    cut: one.chart.length - entries.length,
    text: written || quiet && one.failure === undefined ? undefined : failureText(one),
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
    spacedHex(entry.hex ?? "", hexBytes, entry.size),
    entry.size ?? 0,
    entry.foreign === true ? 1 : 0,
    (entry.violations ?? []).slice(0, 20).map((violation) => cut(visible(violation), LABEL)),
  ];
}
