import type { CaseResult, RunResult, TargetResult } from "../../lib/run/result.ts";
import { type ClauseState, clauseState } from "../../lib/run/clause_state.ts";
import type { ClauseCoverage } from "../../lib/run/coverage.ts";
import { documentName } from "../clause_text.ts";
import { FileNames } from "./file_name.ts";

/** A run of a site. */
export interface SiteRun {
  readonly result: RunResult;
  /** Day and time of its start in UTC, `2026-03-14 09:40:13`; `no date` if the journal does not have it. */
  readonly date: string;
  /** The path of its full report, from the root of the site. */
  readonly report: string;
}

/** One target in one run. */
export interface TargetRun {
  readonly run: SiteRun;
  readonly target: TargetResult;
  readonly cases: readonly CaseResult[];
}

/** A target with all of its runs. */
export interface SiteTarget {
  readonly name: string;
  /** The path of its page, from the root of the site. */
  readonly page: string;
  /** From the oldest to the latest. */
  readonly runs: readonly TargetRun[];
  readonly latest: TargetRun;
}

/** A clause and what the latest run of each target shows about it. */
export interface SiteClause {
  readonly row: ClauseCoverage;
  /** In the order of the document's targets; undefined if a run did not list the clause. */
  readonly states: readonly (ClauseState | undefined)[];
}

/** A document with its clauses, and the targets tested against it. */
export interface SiteDocument {
  readonly name: string;
  /** The path of its page, from the root of the site. */
  readonly page: string;
  readonly targets: readonly SiteTarget[];
  readonly clauses: readonly SiteClause[];
}

/** The contents of a site. */
export interface Site {
  /** From the oldest to the latest. */
  readonly runs: readonly SiteRun[];
  readonly targets: readonly SiteTarget[];
  readonly documents: readonly SiteDocument[];
}

/** Arranges conformance runs by date, target and document. Runs without a date come first, in the order given. */
export function siteOf(results: readonly RunResult[]): Site {
  const names = new FileNames();
  const runs = results.toSorted((a, b) => timeOf(a) - timeOf(b)).map((result): SiteRun => {
    const date = dateOf(result);
    const file = names.of(
      "reports",
      [date.slice(0, 10), ...result.targets.map(({ name }) => name)].join(" "),
    );
    return { result, date, report: file };
  });
  const targets = targetsOf(runs, names);
  return { runs, targets, documents: documentsOf(targets, names) };
}

/** The start of a run in ms since 1970; 0 if the journal does not have it. */
function timeOf({ startedAt }: RunResult): number {
  const time = Date.parse(startedAt);
  return Number.isNaN(time) ? 0 : time;
}

function dateOf(result: RunResult): string {
  const time = timeOf(result);
  return time === 0 ? "no date" : new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

function targetsOf(runs: readonly SiteRun[], names: FileNames): readonly SiteTarget[] {
  const byName = new Map<string, TargetRun[]>();
  for (const run of runs) {
    const cases = Map.groupBy(run.result.cases, ({ target }) => target);
    for (const target of run.result.targets) {
      const own = byName.get(target.name) ?? [];
      byName.set(target.name, own);
      own.push({ run, target, cases: cases.get(target.name) ?? [] });
    }
  }
  const sorted = [...byName].toSorted(([a], [b]) => a < b ? -1 : 1);
  return sorted.flatMap(([name, own]) => {
    const latest = own.at(-1);
    return latest === undefined ? [] : [{ name, page: names.of("targets", name), runs: own, latest }];
  });
}

function documentsOf(targets: readonly SiteTarget[], names: FileNames): readonly SiteDocument[] {
  const documents = new Map<string, { targets: SiteTarget[]; rows: Map<string, ClauseCoverage> }>();
  const states = new Map<SiteTarget, Map<string, ClauseState>>();
  for (const target of targets) {
    const { run, cases, target: { tests } } = target.latest;
    const tried = new Set(cases.map(({ protocol }) => protocol));
    const own = new Map<string, ClauseState>();
    states.set(target, own);
    for (const row of run.result.coverage) {
      // A row of another document, or of a run in which other targets were tested against this one.
      if (!tried.has(row.protocol) || (row.tests ?? tests) !== tests) continue;
      const name = documentName(row);
      const document = documents.get(name) ?? { targets: [], rows: new Map<string, ClauseCoverage>() };
      documents.set(name, document);
      if (document.targets.at(-1) !== target) document.targets.push(target);
      const known = document.rows.get(row.clause);
      if (known === undefined || known.text === "") document.rows.set(row.clause, row);
      own.set(keyOf(name, row), ownState(row, target.name));
    }
  }
  return [...documents].map(([name, { targets, rows }]) => ({
    name,
    page: names.of("clauses", name),
    targets,
    clauses: [...rows.values()].map((row) => ({
      row,
      states: targets.map((target) => states.get(target)?.get(keyOf(name, row))),
    })),
  }));
}

function keyOf(document: string, { clause }: ClauseCoverage): string {
  return JSON.stringify([document, clause]);
}

function ownState(row: ClauseCoverage, target: string): ClauseState {
  if (row.targets === undefined) return row.state;
  return row.targets.find((one) => one.target === target)?.state ?? clauseState("none");
}
