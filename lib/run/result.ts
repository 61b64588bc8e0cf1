import { defined } from "../ground/defined.ts";
import { coverage } from "./coverage.ts";
import type {
  CaseEnded,
  CaseStarted,
  ChartEntry,
  ClauseListed,
  DefectTried,
  IdentityTold,
  LimitListed,
  QuirksTried,
  RunEnded,
  RunEvent,
  RunStarted,
  SourceListed,
  StepEnded,
  TargetStarted,
} from "./event.ts";
import type { LoadEvent } from "./load_event.ts";
import { foldLoad, type LoadResult, unjudgedLoad } from "./load_result.ts";
import { limitTable } from "./limit_table.ts";
import { Repeats } from "./repeats.ts";
import { LongCharts } from "./long_charts.ts";
import type { CaseResult, EarlierRun, RunResult, TargetResult } from "./run_result.ts";
import { addTotals, caseRuns, standingOf, tally, type Totals } from "./standing.ts";
import { nothingJudged, unjudgedCases } from "./unjudged.ts";

export type {
  CaseResult,
  DefectResult,
  EarlierRun,
  QuirksResult,
  RunResult,
  Source,
  TargetResult,
} from "./run_result.ts";

/** The reason of a case that started but has no end in the journal. */
export const NOT_ENDED = "The run ended before this case";

/** Returns the case runs per second, to one decimal. */
function rate(totals: Totals, durationMs: number): number {
  const ran = caseRuns(totals) - totals.skip;
  return durationMs > 0 ? Math.round(ran / durationMs * 10_000) / 10 : 0;
}

/**
 * Builds the result of a run from its events, complete or cut: a case that started but did not end is an
 * `error`, unless the user interrupted the run. Events of a case that never started are ignored. A case that
 * ended in `error` and started again counts as its last execution.
 */
export function fold(events: Iterable<RunEvent>): RunResult {
  const folding = new Folding();
  for (const event of events) folding.see(event);
  return folding.result();
}

function resultOf(seen: Gathered): RunResult {
  const { started, ended } = seen;
  // A case cut short by the user's Ctrl-C was not run; one cut short by a crash is an error.
  const counts = (one: OpenCase) => !one.replaced && (one.ended !== undefined || ended?.interrupted !== true);
  const cases = [...seen.cases].filter(counts).map(caseResult);
  const { dropped } = seen.repeats;
  const totals = [...dropped.values()].reduce(addTotals, tally(cases));
  const load = foldLoad(seen.load);
  return defined({
    attest: { version: started?.attest ?? "unknown" },
    kind: started?.what ?? "conform",
    seed: started?.seed ?? 0,
    startedAt: started?.startedAt ?? "",
    durationMs: seen.lastMs,
    command: started?.command ?? [],
    environment: started?.environment ?? {},
    operator: started?.operator,
    customer: started?.customer,
    announces: started?.announces,
    masked: started?.masked,
    sources: seen.sources.map(({ kind: _, ...source }) => source),
    planned: started?.planned ?? cases.length,
    notRun: Math.max(0, (started?.planned ?? 0) - caseRuns(totals)),
    complete: ended !== undefined,
    interrupted: ended?.interrupted ?? false,
    casesPerSecond: rate(totals, seen.lastMs),
    exit: ended?.exit,
    reason: ended?.reason,
    unjudged: ended && !ended.interrupted && ended.reason === undefined
      ? unjudged(started?.what, totals, cases, load)
      : undefined,
    targets: targetResults(seen, cases),
    totals,
    cases,
    repeats: seen.repeats.cases(),
    coverage: coverage(seen.clauses, cases.map((one) => withKind(one, seen.targets.get(one.target)))),
    limits: limitTable(seen.limits, cases),
    defects: seen.defects.map(({ kind: _, t: _t, ...defect }) => defect),
    quirks: seen.quirks.length === 0 ? undefined : seen.quirks.map(({ kind: _, t: _t, ...set }) => set),
    load,
  });
}

/** Explains why a whole run judged nothing; undefined for one that did, and for a proof. */
function unjudged(
  what: RunStarted["what"] | undefined,
  totals: Totals,
  cases: readonly CaseResult[],
  load: LoadResult | undefined,
): string | undefined {
  if (load) return unjudgedLoad(load);
  if (what !== "conform" || !nothingJudged(totals)) return undefined;
  return unjudgedCases(totals, cases.map(({ reason = "" }) => reason));
}

function withKind(one: CaseResult, target: TargetStarted | undefined) {
  const { id, target: name, protocol, verdict, covers } = one;
  return { id, target: name, protocol, verdict, covers, tests: target?.tests };
}

/** Returns the ids of the cases of a `prove` run that no defect turns. */
export function unprovenCases(result: RunResult): readonly string[] {
  const noticing = new Set(result.defects.flatMap((defect) => defect.noticedBy));
  const ids = new Set(result.cases.filter((one) => one.standing !== "skip").map((one) => one.id));
  return [...ids].filter((id) => !noticing.has(id));
}

interface OpenCase {
  readonly started: CaseStarted;
  readonly steps: StepEnded[];
  readonly chart: ChartEntry[];
  readonly retried: number;
  readonly earlier: readonly OpenCase[];
  ended: CaseEnded | undefined;
  lastMs: number;
  replaced: boolean;
}

interface Gathered {
  started: RunStarted | undefined;
  ended: RunEnded | undefined;
  lastMs: number;
  readonly cases: Set<OpenCase>;
  readonly repeats: Repeats;
  readonly targets: Map<string, TargetStarted>;
  readonly clauses: ClauseListed[];
  readonly limits: LimitListed[];
  readonly sources: SourceListed[];
  readonly identities: Map<string, IdentityTold>;
  readonly defects: DefectTried[];
  readonly quirks: QuirksTried[];
  readonly load: LoadEvent[];
}

/**
 * Folds events as they come. For a repeated run it keeps one round, and a bounded number of executions that
 * did not pass; of long charts, once there are many, only both ends.
 */
export class Folding {
  readonly #seen: Gathered = {
    started: undefined,
    ended: undefined,
    lastMs: 0,
    cases: new Set(),
    repeats: new Repeats(),
    targets: new Map(),
    clauses: [],
    limits: [],
    sources: [],
    identities: new Map(),
    defects: [],
    quirks: [],
    load: [],
  };
  readonly #long = new LongCharts();
  readonly #byNumber = new Map<number, OpenCase>();
  /** The last execution of each case and round, which may start again. */
  readonly #latest = new Map<string, OpenCase>();

  /** Adds the next event. */
  see(event: RunEvent): void {
    const seen = this.#seen;
    if ("t" in event) seen.lastMs = Math.max(seen.lastMs, event.t);
    switch (event.kind) {
      case "run-started":
        seen.started ??= event;
        break;
      case "clause":
        seen.clauses.push(event);
        break;
      case "source":
        seen.sources.push(event);
        break;
      case "identity":
        seen.identities.set(event.target, event);
        break;
      case "limit":
        seen.limits.push(event);
        break;
      case "target-started":
        seen.targets.set(event.name, event);
        break;
      case "estimate":
        break;
      case "case-started":
        this.#begin(event);
        break;
      case "chart":
      case "step":
      case "case-ended":
        this.#add(event);
        break;
      case "defect":
        seen.defects.push(event);
        break;
      case "quirks":
        seen.quirks.push(event);
        break;
      case "load-started":
      case "load-second":
      case "load-fault":
      case "load-trial":
      case "load-ended":
        seen.load.push(event);
        break;
      case "run-ended":
        seen.ended = event;
        break;
      default:
        event satisfies never;
    }
  }

  /** The run so far. */
  result(): RunResult {
    return resultOf(this.#seen);
  }

  #begin(event: CaseStarted): void {
    const { cases, repeats } = this.#seen;
    const key = keyOf(event);
    const before = this.#latest.get(key);
    const unconfirmed = before?.ended?.unconfirmed === true;
    const again = before !== undefined && (unconfirmed || (before.ended?.verdict ?? "error") === "error");
    if (again) {
      before.replaced = true;
      if (before.ended && !unconfirmed) repeats.forget(before.started, before.ended.verdict);
    }
    const open: OpenCase = {
      started: event,
      steps: [],
      chart: [],
      retried: again && !unconfirmed ? before.retried + 1 : before?.retried ?? 0,
      earlier: again ? [...before.earlier, ...(unconfirmed ? [before] : [])] : [],
      ended: undefined,
      lastMs: event.t,
      replaced: false,
    };
    this.#latest.set(key, open);
    this.#byNumber.set(event.n, open);
    cases.add(open);
  }

  #add(event: ChartEntry | StepEnded | CaseEnded): void {
    const open = this.#byNumber.get(event.n);
    if (open === undefined) return;
    open.lastMs = Math.max(open.lastMs, event.t);
    if (event.kind === "chart") open.chart.push(event);
    else if (event.kind === "step") open.steps.push(event);
    else this.#end(open, event);
  }

  #end(open: OpenCase, event: CaseEnded): void {
    open.ended = event;
    this.#long.see(open.chart);
    if (open.started.iteration === undefined || event.unconfirmed) return;
    const kept = this.#seen.repeats.see(open.started, event);
    if (!kept) this.#seen.cases.delete(open);
    if (!kept || event.verdict !== "error") this.#latest.delete(keyOf(open.started));
    this.#byNumber.delete(event.n);
  }
}

function keyOf({ id, target, protocol, iteration }: CaseStarted): string {
  return JSON.stringify([id, target, protocol, iteration ?? 0]);
}

function caseResult(open: OpenCase): CaseResult {
  const { kind: _, t: startedMs, ...started } = open.started;
  const { ended } = open;
  const earlier = open.earlier.length === 0 ? undefined : open.earlier.map(earlierRun);
  const common = {
    ...started,
    startedMs,
    steps: open.steps,
    chart: open.chart,
    retried: open.retried,
    ...defined({ earlier }),
  };
  if (ended === undefined) {
    const durationMs = open.lastMs - startedMs;
    return { ...common, verdict: "error", standing: "error", reason: NOT_ENDED, warnings: [], durationMs };
  }
  const { kind: _kind, t: _t, n: _n, ...rest } = ended;
  return { ...common, ...rest, standing: standingOf(ended.verdict, ended.expected) };
}

function earlierRun({ started, ended, steps, chart }: OpenCase): EarlierRun {
  return { alone: started.alone, verdict: ended?.verdict ?? "error", reason: ended?.reason, steps, chart };
}

function targetResults(seen: Gathered, cases: readonly CaseResult[]): readonly TargetResult[] {
  const { targets, identities, repeats } = seen;
  const names = new Set([...targets.keys(), ...cases.map((one) => one.target)]);
  return [...names].map((name) => {
    const totals = addTotals(repeats.dropped.get(name), tally(cases.filter((one) => one.target === name)));
    const started = targets.get(name);
    if (started === undefined) return { name, address: "", supports: [], protocols: [], totals };
    const { kind: _, t: _t, ...target } = started;
    const told = identities.get(name);
    if (!told) return { ...target, totals };
    return { ...target, identity: { ...target.identity, ...told.identity }, untold: told.untold, totals };
  });
}
