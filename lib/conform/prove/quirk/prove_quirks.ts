import { messageOf } from "../../../ground/error_message.ts";
import { seededRandom, seedOf } from "../../../ground/seeded_random.ts";
import type { RunEvent } from "../../../run/event.ts";
import { tally } from "../../../run/standing.ts";
import { exitCode } from "../../../run/exit_code.ts";
import type { TargetFile } from "../../../target/target_file.ts";
import { plan, type PlannedCase, shuffled } from "../../plan.ts";
import { type RunRecord, startEvents } from "../../run_start.ts";
import { againAlone, type Crowded, runId, type Trial } from "./again_alone.ts";
import { meeting, type PointRecord } from "./points.ts";
import { alone, dozens, protocolsOf, type Quirk, type QuirkSet } from "./quirk.ts";
import { QuirkBench, type QuirkBenchOptions, type QuirkRun } from "./quirk_bench.ts";

/** The options of a proof with quirks. */
export interface ProveQuirksOptions extends QuirkBenchOptions {
  readonly targets: readonly TargetFile[];
  readonly record: RunRecord;
  /** The quirks of each target, by its name. */
  readonly quirks: ReadonlyMap<string, readonly Quirk[]>;
  /** How many additional sets of twelve quirks each target gets. */
  readonly dozens: number;
  /**
   * The decisions that each target's cases ask for, by target name: then only cases that can encounter a
   * quirk run, each in one protocol.
   */
  readonly records?: ReadonlyMap<string, PointRecord> | undefined;
  /** Targets, by name, that run only the cases which no earlier target can run. */
  readonly standIns?: ReadonlySet<string> | undefined;
  /** Implementations at once; default 10, because they mostly wait. */
  readonly atOnce?: number | undefined;
}

/** How many of the cases run if a quirk changes what many ask for, and how many under a dozen. */
const SAMPLE = 12;
/**
 * The limit in milliseconds above which a case takes minutes on a slow target; a sample leaves it to a whole
 * run.
 */
const SAMPLED_LIMIT_MS = 60_000;

/**
 * Proves that no case accuses a lawful implementation: runs the cases on each embedded implementation with
 * each of its quirks alone, and with sets of twelve. Failed cases run again at the end without other
 * implementations, and only failures of that run count. Returns the exit status: 1 if a case fails or cannot
 * run.
 */
export async function proveQuirks(options: ProveQuirksOptions): Promise<number> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const { emit, signal, seed, record, atOnce = 10 } = options;
  startEvents({ what: "prove", record, seed, suites: options.plan.suites, planned: [] }).forEach(emit);
  const bench = new QuirkBench(options, now);
  const problems: string[] = [];
  let failures = 0;
  const only = casesOfStandIns(options.targets, options.plan, options.standIns);
  const trials = options.targets.flatMap((file) => {
    if (only.get(file.name)?.size === 0) return [];
    const quirks = options.quirks.get(file.name) ?? [];
    return [...alone(quirks), ...dozens(quirks, quirks.length > 1 ? options.dozens : 0, seed)]
      .map((set) => ({ file, set }));
  });
  const tried = ({ file, set }: Trial, run: QuirkRun, durationMs: number) => {
    failures += run.failing.length;
    emit({
      kind: "quirks",
      t: now(),
      target: file.name,
      name: set.name,
      quirks: set.quirks.map(({ id, about }) => ({ id, about })),
      durationMs,
      ...run,
    });
  };
  const crowded: Crowded[] = [];
  const queue = trials[Symbol.iterator]();
  const work = async () => {
    for (const trial of queue) {
      if (signal.aborted) return;
      const { file, set } = trial;
      const started = now();
      const events: RunEvent[] = [];
      const pick = (cases: readonly PlannedCase[]) => {
        const own = only.get(file.name);
        return chosen(options, file, set, own ? cases.filter((one) => own.has(one.case.id)) : cases);
      };
      try {
        const run = await bench.run(file, set, pick, (event) => void events.push(event));
        if (signal.aborted) return;
        if (run.failing.length > 0) crowded.push({ trial, run, events, durationMs: now() - started });
        else tried(trial, run, now() - started);
      } catch (error) {
        if (!signal.aborted) problems.push(`${set.name}: ${messageOf(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await againAlone(crowded, {
    rerun: async (trial, ids) => {
      const pick = (cases: readonly PlannedCase[]) =>
        cases.filter(({ case: { id }, protocol }) => ids.has(runId({ id, protocol })));
      return await bench.run(trial.file, trial.set, pick, emit, 1);
    },
    emit,
    tried,
    now,
    signal,
  }).catch((error) => {
    if (!signal.aborted) problems.push(messageOf(error));
  });
  const interrupted = signal.aborted;
  const exit = exitCode({
    totals: tally([]),
    interrupted,
    broken: problems.length > 0,
    thresholdsHold: failures === 0,
  });
  const reason = problems.length > 0 ? problems.join("; ") : undefined;
  emit({ kind: "run-ended", t: now(), interrupted, exit, reason });
  return exit;
}

/** Returns the ids of the cases that stand-in targets run, by the name of the target. */
export function casesOfStandIns(
  targets: readonly TargetFile[],
  planned: QuirkBenchOptions["plan"],
  standIns: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Set<string>();
  const found = new Map<string, ReadonlySet<string>>();
  for (const file of targets) {
    const own = plan(file, planned).filter(({ skip }) => skip === undefined).map((one) => one.case.id);
    if (standIns.has(file.name)) found.set(file.name, new Set(own).difference(before));
    for (const id of own) before.add(id);
  }
  return found;
}

/** Returns the cases that run under a set of quirks. */
function chosen(
  { records, seed }: ProveQuirksOptions,
  file: TargetFile,
  set: QuirkSet,
  cases: readonly PlannedCase[],
): readonly PlannedCase[] {
  const protocols = protocolsOf(set);
  const shown = cases.filter(({ protocol }) => protocols?.has(protocol) ?? true);
  const record = records?.get(file.name);
  if (!record) return shown;
  const random = seededRandom(seedOf(`${seed} ${file.name} ${set.name}`));
  const runnable = shown.filter(({ skip }) => skip === undefined);
  const inOne = [...Map.groupBy(runnable, (one) => one.case.id).values()]
    .flatMap((runs) => runs[Math.floor(random() * runs.length)] ?? []);
  const { some, any } = meeting(record, set);
  const certain = inOne.filter((one) => some.has(one.case.id));
  const isDozen = set.quirks.length > 1;
  const others = isDozen ? inOne : any ? inOne.filter((one) => !some.has(one.case.id)) : [];
  const quick = others.filter((one) => (one.case.limit ?? 0) <= SAMPLED_LIMIT_MS);
  const sample = shuffled(quick, random).slice(0, SAMPLE);
  return isDozen ? sample : [...certain, ...sample];
}
