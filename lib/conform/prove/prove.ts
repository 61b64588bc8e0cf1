import { messageOf } from "../../ground/error_message.ts";
import type { RunEvent } from "../../run/event.ts";
import { exitCode } from "../../run/exit_code.ts";
import { type Standing, tally } from "../../run/standing.ts";
import type { TargetFile } from "../../target/target_file.ts";
import type { ConformOptions } from "../conform.ts";
import { plan, type PlannedCase } from "../plan.ts";
import { eachStep } from "../../suite/step/step.ts";
import { type Defect, ProofBench } from "./proof_bench.ts";
import { checkRecord, newRecord, sampleRecord, sift } from "./proof_check.ts";
import type { ProofRecord } from "./proof_record.ts";
import { covers, type Findings, search } from "./proof_search.ts";
import { startEvents } from "../run_start.ts";

/** The options of a proof. */
export interface ProveOptions extends Omit<ConformOptions, "repeat" | "forMs"> {
  /** The defects of each target, by its name. */
  readonly defects: ReadonlyMap<string, readonly Defect[]>;
  /** Whether each case runs against each defect, for the full matrix of which case notices which defect. */
  readonly all?: boolean;
  /** Earlier results by the name of the target, which are checked first. */
  readonly records?: ReadonlyMap<string, ProofRecord> | undefined;
  /** Whether to search for what the records lack, as without records; default true. */
  readonly searching?: boolean;
  /** Called with what is worth recording of a target's proof. */
  readonly onRecord?: ((target: string, record: ProofRecord) => void) | undefined;
  /**
   * Targets, by name, that stand in for earlier ones: they run only the cases that none of the earlier
   * targets can run. A defect that goes unnoticed on them counts as not tried, unless it shows only with
   * their quirks and goes unnoticed on all of them.
   */
  readonly standIns?: ReadonlySet<string>;
  /**
   * Targets, by name, whose cases the others prove: only their defects have to be noticed, and of their cases only those run
   * that are recorded for one.
   */
  readonly sampled?: ReadonlySet<string>;
  /** Whether only some cases are chosen, so that a defect of which they say nothing counts as not tried. */
  readonly partial?: boolean;
}

/**
 * Proves the suites: runs each case without a defect, where it must pass, and then against defects. A case is
 * proved if some defect turns it to `fail`; a defect is noticed if it turns some case. The pairs are searched
 * for, or taken from the records and checked. Returns the exit status: 1 if a defect goes unnoticed, if no
 * defect breaks a case that one could break, or if a record does not hold.
 */
export async function prove(options: ProveOptions): Promise<number> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const plans = planned(options);
  const { emit } = options;
  const kinds = plans.map(({ target, cases }) => ({ tests: target.tests, cases }));
  const { record, seed, plan: { suites } } = options;
  startEvents({ what: "prove", record, seed, suites, planned: kinds }).forEach(emit);
  const proofs: Proof[] = [];
  const problems: string[] = [];
  const shown = new Set<string>();
  for (const { target, cases } of plans) {
    const sampled = options.sampled?.has(target.name) ?? false;
    // A case on a library is another one than on a module: its driver differs.
    const key = (id: string) => target.tests === "client" ? `client ${id}` : id;
    const left = sampled ? cases : cases.filter((one) => !shown.has(key(one.case.id)));
    if (options.signal.aborted || left.length === 0) continue;
    try {
      const proof = await proveTarget(options, target, left, now, (id) => shown.has(id));
      proofs.push(proof);
      for (const id of proof.shown) shown.add(key(id));
    } catch (error) {
      if (!options.signal.aborted) problems.push(messageOf(error));
    }
  }
  const tried = proofs.flatMap((proof) => proof.tried);
  const noticed = new Set(tried.map(({ defect }) => defect));
  const missed = new Map(proofs.flatMap((proof) => proof.missed.map((one) => [one.defect, one] as const)));
  for (const [id, one] of missed) {
    if (noticed.has(id)) continue;
    emit({ kind: "defect", t: now(), ...one });
    tried.push(one);
  }
  const unproved = proofs.flatMap((proof) => proof.unproved);
  const stale = proofs.flatMap((proof) => proof.stale);
  const interrupted = options.signal.aborted;
  const exit = exitCode({
    totals: tally(proofs.flatMap((proof) => proof.baseline)),
    interrupted,
    broken: problems.length > 0,
    defects: tried,
    thresholdsHold: unproved.length + stale.length === 0,
  });
  const reasons = [
    ...problems,
    ...(unproved.length > 0 ? [`No defect breaks ${unproved.join(", ")}`] : []),
    ...(stale.length > 0 ? [`The record does not hold: ${stale.join(", ")}`] : []),
  ];
  const reason = reasons.length > 0 ? { reason: reasons.join("; ") } : {};
  emit({ kind: "run-ended", t: now(), interrupted, exit, ...reason });
  return exit;
}

/** How often new pairs are tried again, and others searched for in place of those that do not fail again. */
const SIFTINGS = 4;

interface TriedDefect {
  readonly target: string;
  readonly defect: string;
  readonly description: string;
  readonly noticedBy: readonly string[];
}

interface Proof {
  /** The cases that passed without a defect, in which the target did what they are about. */
  readonly shown: readonly string[];
  readonly baseline: readonly { readonly standing: Standing; readonly warnings: readonly string[] }[];
  readonly tried: readonly TriedDefect[];
  /** The defects that went unnoticed here but may be noticed on a stand-in target. */
  readonly missed: readonly TriedDefect[];
  readonly unproved: readonly string[];
  readonly stale: readonly string[];
}

async function proveTarget(
  options: ProveOptions,
  file: TargetFile,
  cases: readonly PlannedCase[],
  now: () => number,
  isShown: (id: string) => boolean,
): Promise<Proof> {
  const { emit, searching = true } = options;
  const standsIn = options.standIns?.has(file.name) ?? false;
  const sampled = options.sampled?.has(file.name) ?? false;
  const bench = new ProofBench(options, file, now);
  const baseline: { standing: Standing; warnings: readonly string[] }[] = [];
  // A case that fails without a defect proves nothing by failing with one.
  const runnable = await bench.passing(cases, (event: RunEvent) => {
    if (event.kind === "case-ended") {
      baseline.push({ standing: event.verdict, warnings: event.warnings });
    }
    emit(event);
  });
  const provable = runnable.filter((one) => one.case.unprovable === undefined);
  const findings: Findings = {
    witnesses: new Map(),
    open: new Set(sampled ? [] : provable.map((one) => one.case.id)),
    doubtful: new Set(),
  };
  const defects = options.defects.get(file.name) ?? [];
  const known = new Set(options.plan.suites.flatMap((suite) => suite.cases.map(({ id }) => id)));
  const record = options.records?.get(file.name) ?? new Map();
  const stale = await checkRecord(bench, record, defects, runnable, known, findings);
  const own = standsIn ? defects.filter(({ beside }) => beside) : defects;
  // A defect that is not recorded yet is new, and may be meant for some of these cases.
  const partial = options.partial === true && options.records !== undefined;
  const due = partial ? own.filter(({ id }) => !record.has(id)) : own;
  const sought = options.all ? "all" : due;
  if (searching) await search(bench, defects, runnable, findings, sought);
  if (options.onRecord) {
    const again = () => search(bench, defects, runnable, findings, sought);
    const updated = await sifted(
      bench,
      record,
      defects,
      runnable,
      known,
      findings,
      searching ? again : undefined,
      sampled,
    );
    if (!bench.aborted) options.onRecord(file.name, updated);
  }
  // Other cases may notice what a part of them does not.
  const demanded = new Set(partial ? [] : own.map(({ id }) => id));
  const tried: TriedDefect[] = [];
  const missed: TriedDefect[] = [];
  for (const { id, description } of defects) {
    const noticedBy = [...new Set(findings.witnesses.get(id)?.map((one) => one.id))].sort();
    const one = { target: file.name, defect: id, description, noticedBy };
    if (noticedBy.length === 0) {
      // An interrupted search has not tried all cases.
      if (bench.aborted || !demanded.has(id)) continue;
      if (standsIn) {
        missed.push(one);
        continue;
      }
    }
    emit({ kind: "defect", t: now(), ...one });
    tried.push(one);
  }
  // A case that a module proves can fail; on a library, some can be broken by no defect.
  const unproved = bench.aborted || sampled ? [] : [...findings.open].filter((id) => !isShown(id));
  const shown = runnable.map((one) => one.case.id);
  return { shown, baseline, tried, missed, unproved, stale: searching ? [] : stale };
}

/**
 * Returns what is worth recording, after each new pair has been tried again and `again` has searched
 * replacements for those that failed to repeat.
 */
async function sifted(
  bench: ProofBench,
  before: ProofRecord,
  defects: readonly Defect[],
  cases: readonly PlannedCase[],
  known: ReadonlySet<string>,
  findings: Findings,
  again: (() => Promise<void>) | undefined,
  sampled: boolean,
): Promise<ProofRecord> {
  const byId = new Map(defects.map((defect) => [defect.id, defect]));
  const still = new Map([...before].filter(([id]) => byId.has(id)));
  const ran = new Map(cases.map((one) => [one.case.id, one]));
  const fits = (id: string, witness: string) => {
    const [defect, one] = [byId.get(id), ran.get(witness)];
    return defect !== undefined && one !== undefined && covers(one, defect);
  };
  const make = () =>
    sampled ? sampleRecord(still, findings) : newRecord(still, findings, new Set(ran.keys()), known, fits);
  for (let round = 0; again && round < SIFTINGS && !bench.aborted; round++) {
    if (await sift(bench, make(), still, cases, findings) === 0) break;
    await again();
  }
  return make();
}

/** Returns what runs on each target; on a stand-in only what no earlier target can run or may not show. */
function planned(options: ProveOptions) {
  const run = new Set<string>();
  const isSampled = (one: PlannedCase, target: string) =>
    options.searching !== false ||
    [...options.records?.get(target)?.values() ?? []].some((ids) => ids.includes(one.case.id));
  return options.targets.map((target) => {
    const all = oncePerCase(plan(target, options.plan));
    const cases = options.standIns?.has(target.name)
      ? all.filter((one) => one.skip === undefined && (!run.has(one.case.id) || mayNotShow(one)))
      : options.sampled?.has(target.name)
      ? all.filter((one) => one.skip === undefined && isSampled(one, target.name))
      : all;
    for (const one of cases) if (one.skip === undefined) run.add(one.case.id);
    return { target, cases };
  });
}

function mayNotShow(one: PlannedCase): boolean {
  return eachStep(one.case.steps).some(({ kind }) => kind === "notShown");
}

/**
 * Returns each case in one protocol in which it runs, 3.1.1 if possible, because a case means the same in all of
 * them.
 */
function oncePerCase(cases: readonly PlannedCase[]): readonly PlannedCase[] {
  return [...Map.groupBy(cases, (one) => one.case.id).values()].flatMap((runs) => {
    const run = runs.filter((one) => one.skip === undefined);
    const of = run.length > 0 ? run : runs;
    const chosen = of.find((one) => one.protocol === "3.1.1") ?? of.at(-1);
    return chosen ? [chosen] : [];
  });
}
