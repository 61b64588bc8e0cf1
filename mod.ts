/**
 * attest as a library: run suites against an MQTT broker or a module, or a load against a broker, and render what came
 * of it.
 *
 * ```ts ignore
 * import { conform } from "@attest/attest";
 *
 * const result = await conform({ targets: "mqtt://127.0.0.1:1883", suites: ["mqtt/qos*"] });
 * console.log(result.totals.fail);
 * ```
 *
 * @module
 */
import { environment } from "./lib/catalog/environment.ts";
import { readKnown } from "./lib/catalog/expectations.ts";
import { dialectsOf } from "./lib/catalog/dialects.ts";
import { namedSuites } from "./lib/catalog/named_suites.ts";
import { findProfile } from "./lib/catalog/profiles.ts";
import { findTargets } from "./lib/catalog/targets.ts";
import { readUncovered } from "./lib/catalog/uncovered.ts";
import { UsageError } from "./lib/catalog/usage_error.ts";
import { VERSION } from "./lib/catalog/version.ts";
import { conform as run } from "./lib/conform/conform.ts";
import { load as runLoad } from "./lib/load/run/load.ts";
import type { Level, RunEvent, Verdict } from "./lib/run/event.ts";
import { readJournal } from "./lib/run/journal.ts";
import type { LoadResult } from "./lib/run/load_result.ts";
import { type CaseResult, fold, Folding, type RunResult } from "./lib/run/result.ts";
import type { Totals } from "./lib/run/standing.ts";
import { type FormatName, FORMATS } from "./reports/mod.ts";

export { UsageError, VERSION };
export { FORMAT_NAMES } from "./reports/format_name.ts";
export { LEVELS, SOURCE_KINDS, TARGET_KINDS, VERDICTS } from "./lib/run/event.ts";
export type { CaseResult, FormatName, Level, LoadResult, RunEvent, RunResult, Totals, Verdict };
// What a result and the events of a run are made of.
export type * from "./lib/run/event.ts";
export type * from "./lib/run/load_event.ts";
export { FAULT_KINDS, LOAD_MODES } from "./lib/run/load_event.ts";
export type { ParameterClass } from "./lib/ground/parameter_class.ts";
export { CLAUSE_STATES, type ClauseState } from "./lib/run/clause_state.ts";
export type { ClauseCoverage, TargetCoverage } from "./lib/run/coverage.ts";
export type { LimitResult } from "./lib/run/limit_table.ts";
export type { Distribution, ThresholdResult } from "./lib/run/load_result.ts";
export {
  type Counter,
  COUNTERS,
  type Counts,
  type Gauge,
  GAUGES,
  type Metric,
  METRICS,
} from "./lib/run/metrics.ts";
export type { PromiseResult } from "./lib/run/promises.ts";
export type { RepeatedCase } from "./lib/run/repeats.ts";
export type { DefectResult, EarlierRun, QuirksResult, Source, TargetResult } from "./lib/run/result.ts";
export { type Standing, STANDINGS } from "./lib/run/standing.ts";

/** What is to be run on what. */
export interface ConformRequest {
  /** Names of targets that ship, files, or addresses such as `mqtt://127.0.0.1:1883`. */
  readonly targets: string | readonly string[];
  /** The programs that target files may start, written as there; what ships needs none. */
  readonly allowStart?: readonly string[] | undefined;
  /** Names or globs of suites, or paths of suite files; default: all that fit the targets. */
  readonly suites?: readonly string[] | undefined;
  /** `3.1`, `3.1.1`, `5.0`; default: all that a target speaks. */
  readonly protocols?: readonly string[] | undefined;
  /** Cases whose id, clause or tag matches one; those with a `!` in front must not match. */
  readonly filters?: readonly string[] | undefined;
  /** The weakest level that is run. */
  readonly level?: Level | undefined;
  /** A file of known deviations, in the place of the targets' own; false for none. */
  readonly expect?: string | false | undefined;
  /** Cases at once; 1 to 256. */
  readonly jobs?: number | undefined;
  /** Every random choice follows from it; 0 to 4,294,967,295, default 1. */
  readonly seed?: number | undefined;
  /** A program and its arguments that reset a module which its own commands don't lead back; it has to be granted. */
  readonly resetCommand?: readonly string[] | undefined;
  /** Ends the run; the result then holds what was run. */
  readonly signal?: AbortSignal | undefined;
  /** Called with everything that happens, as it happens: the lines of a journal. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Runs suites on targets and returns the whole result: every case with its verdict, steps and sequence chart. If a
 * target can't be reached, `reason` says why and `exit` is 3. Throws {@link UsageError} for a target, a suite or a file
 * that is not there or wrong.
 */
export async function conform(request: ConformRequest): Promise<RunResult> {
  const names = typeof request.targets === "string" ? [request.targets] : request.targets;
  const targets = await findTargets(names, request.allowStart);
  const { suites, patterns, known } = await namedSuites(request.suites ?? []);
  const { byTarget: expectations } = await readKnown(
    targets,
    { expect: request.expect },
    (id) => known.mayHave(id),
  );
  const folding = new Folding();
  await run({
    targets: targets.map(({ file }) => file),
    plan: {
      suites,
      selection: {
        patterns,
        filters: request.filters ?? [],
        protocols: request.protocols,
        level: request.level,
      },
      expectations,
      dialects: await dialectsOf(targets),
    },
    record: {
      version: VERSION,
      command: [],
      environment: environment(),
      accounts: await readUncovered(),
    },
    seed: request.seed ?? 1,
    emit: (event) => {
      folding.see(event);
      request.onEvent?.(event);
    },
    signal: request.signal ?? new AbortController().signal,
    resetCommand: request.resetCommand,
    jobs: request.jobs,
  });
  return folding.result();
}

/** What load is to be run on what. */
export interface LoadRequest {
  /** The name of a profile that ships, or the path of one. */
  readonly profile: string;
  /** Names of targets that ship, files, or addresses; clients are spread over them in turn. Default: the reference broker. */
  readonly targets?: string | readonly string[] | undefined;
  /** The programs that target files may start, written as there; what ships needs none. */
  readonly allowStart?: readonly string[] | undefined;
  /** Values in the place of those that the profile declares. */
  readonly values?: Readonly<Record<string, string | number>> | undefined;
  /** Threads that play clients; 1 to 256, default one for each core. */
  readonly workers?: number | undefined;
  /** Every random choice follows from it; 0 to 4,294,967,295, default 1. */
  readonly seed?: number | undefined;
  /** Ends the load; the result then holds what was measured. */
  readonly signal?: AbortSignal | undefined;
  /** Called with everything that happens, as it happens: the lines of a journal. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Runs a load profile and returns the whole result; what was measured is under `load`. If a broker can't be reached,
 * `reason` says why and `exit` is 3. Throws {@link UsageError} for a profile or a target that is not there or wrong,
 * and a ShortageError where the machine lacks what the profile needs.
 */
export async function load(request: LoadRequest): Promise<RunResult> {
  const values = Object.entries(request.values ?? {}).map(([name, value]) => [name, String(value)] as const);
  const profile = await findProfile(request.profile, new Map(values));
  const named = request.targets ?? "reference";
  const targets = await findTargets(typeof named === "string" ? [named] : named, request.allowStart);
  const folding = new Folding();
  await runLoad({
    profile,
    targets: targets.map(({ file }) => file),
    workers: request.workers ?? navigator.hardwareConcurrency,
    seed: request.seed ?? 1,
    from: [],
    version: VERSION,
    command: [],
    environment: environment(),
    emit: (event) => {
      folding.see(event);
      request.onEvent?.(event);
    },
    seen: () => {},
    signal: request.signal ?? new AbortController().signal,
  });
  return folding.result();
}

/** Renders a result as a document of the given format. */
export function report(result: RunResult, format: FormatName): string | Uint8Array {
  return FORMATS[format].render(result);
}

/** The result that a journal tells of, whole or cut off at any byte. Never throws. */
export function resultOfJournal(journal: string | Uint8Array): RunResult {
  return fold(readJournal(journal).events);
}
