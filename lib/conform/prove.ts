import type { RunEvent } from "../run/event.ts";
import { exitCode } from "../run/exit_code.ts";
import { type Standing, tally } from "../run/standing.ts";
import { reach } from "../target/reach.ts";
import type { Target } from "../target/target.ts";
import type { TargetFile } from "../target/target_file.ts";
import { type ConformOptions, plan } from "./conform.ts";
import { type PlannedCase, waits } from "./plan.ts";
import { runCases } from "./run.ts";
import { startEvents } from "./run_start.ts";

/** A fault that an embedded implementation can be told to have. */
export interface Defect {
  readonly id: string;
  readonly description: string;
  /** Clauses that it breaks: the cases that cover one of them are tried first. */
  readonly clauses?: readonly string[];
}

/** What a proof is made of. */
export interface ProveOptions extends Omit<ConformOptions, "repeat" | "forMs" | "expectations"> {
  /** The defects of each target, by its name. */
  readonly defects: ReadonlyMap<string, readonly Defect[]>;
  /** Whether each case runs against each defect, for the whole matrix of who notices what. */
  readonly all?: boolean;
}

/** How many defects are tried at once, each on an implementation of its own. */
const AT_ONCE = { broker: 4, module: 4 } as const;
/** Cases at once on each. */
const JOBS = { broker: 16, module: 4 } as const;
const CONFIRMING_JOBS = 4;
/** Milliseconds that an expectation waits; the run without defects has to pass with the same. */
const WITHIN_MS = { broker: 800, module: 1_000 } as const;

/**
 * Proves the suites: runs each case without a defect, where it must pass, and then against every defect. A case is
 * proved when some defect turns it to `fail`, a defect is noticed when it turns some case. Gives the exit status: 1
 * when a defect goes unnoticed, or when a case that a defect could break is broken by none.
 */
export async function prove(options: ProveOptions): Promise<number> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const plans = options.targets.map((target) => ({
    target: hurried(target),
    cases: oncePerCase(plan(target, options)),
  }));
  const { emit } = options;
  startEvents("prove", options, plans.flatMap((one) => one.cases)).forEach(emit);
  const proofs: Proof[] = [];
  const problems: string[] = [];
  for (const { target, cases } of plans) {
    if (options.signal.aborted || cases.length === 0) continue;
    try {
      proofs.push(await proveTarget(options, target, cases, emit, now));
    } catch (error) {
      if (!options.signal.aborted) problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const totals = tally(proofs.flatMap((proof) => proof.baseline));
  const unproved = proofs.flatMap((proof) => proof.unproved);
  const defects = proofs.flatMap((proof) => proof.tried);
  const interrupted = options.signal.aborted;
  const exit = exitCode({
    totals,
    interrupted,
    broken: problems.length > 0,
    defects,
    thresholdsHold: unproved.length === 0,
  });
  const reasons = [...problems, ...(unproved.length > 0 ? [`No defect breaks ${unproved.join(", ")}`] : [])];
  emit({
    kind: "run-ended",
    t: now(),
    interrupted,
    exit,
    ...(reasons.length > 0 ? { reason: reasons.join("; ") } : {}),
  });
  return exit;
}

interface Proof {
  readonly baseline: readonly { readonly standing: Standing; readonly warnings: readonly string[] }[];
  readonly tried: readonly { readonly noticedBy: readonly string[] }[];
  readonly unproved: readonly string[];
}

async function proveTarget(
  options: ProveOptions,
  file: TargetFile,
  cases: readonly PlannedCase[],
  emit: (event: RunEvent) => void,
  now: () => number,
): Promise<Proof> {
  const baseline: { standing: Standing; warnings: readonly string[] }[] = [];
  const ids = new Map<number, string>();
  const passed = new Set<string>();
  await trial(options, file, [], cases, JOBS[file.tests], now, (event) => {
    if (event.kind === "case-started") ids.set(event.n, event.id);
    if (event.kind === "case-ended") {
      baseline.push({ standing: event.verdict, warnings: event.warnings });
      if (event.verdict === "pass" && !event.failure) passed.add(ids.get(event.n) ?? "");
    }
    emit(event);
  });
  // A case that fails without a defect proves nothing by failing with one.
  const runnable = cases.filter((one) => passed.has(one.case.id));
  const unproved = new Set(
    runnable.filter((one) => one.case.unprovable === undefined).map((one) => one.case.id),
  );
  const found = new Map<Defect, readonly string[]>();
  const defects = options.defects.get(file.name) ?? [];
  await each(defects, AT_ONCE[file.tests], async (defect) => {
    const noticedBy = await noticing(options, file, defect, turns(options, defect, runnable, unproved), now);
    for (const id of noticedBy) unproved.delete(id);
    found.set(defect, noticedBy);
  });
  // A defect that was noticed at once has left cases untried that only it may break.
  await each(defects, AT_ONCE[file.tests], async (defect) => {
    const open = runnable.filter((one) => unproved.has(one.case.id));
    if (open.length === 0 || options.signal.aborted) return;
    const noticedBy = await noticing(options, file, defect, [open], now);
    for (const id of noticedBy) unproved.delete(id);
    found.set(defect, [...new Set([...found.get(defect) ?? [], ...noticedBy])]);
  });
  // A busy machine can keep a case from its verdict: what went unnoticed is tried once more, with nothing beside it.
  for (const [defect, noticedBy] of found) {
    if (noticedBy.length > 0 || options.signal.aborted) continue;
    found.set(defect, await noticing(options, file, defect, [runnable], now));
  }
  for (const [{ id, description }, noticedBy] of found) {
    emit({ kind: "defect", t: now(), target: file.name, defect: id, description, noticedBy });
  }
  const tried = [...found.values()].map((noticedBy) => ({ noticedBy }));
  return { baseline, tried, unproved: [...unproved] };
}

/** Does the work for each item, several at once. */
async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How many cases are tried at a time once those that are likely to notice a defect have not. */
const BATCH = 300;

/**
 * The turns in which cases are tried against a defect, each only when those before noticed nothing: first the ones that
 * cover what it breaks and the quick ones that no defect has broken yet, then the others, those that wait last.
 */
function* turns(
  options: ProveOptions,
  defect: Defect,
  cases: readonly PlannedCase[],
  unproved: ReadonlySet<string>,
): Generator<readonly PlannedCase[]> {
  if (options.all) return void (yield cases);
  const covers = (one: PlannedCase) =>
    one.case.covers[one.protocol]?.some((clause) => defect.clauses?.includes(clause)) ?? false;
  const likely = cases.filter((one) => covers(one) || (unproved.has(one.case.id) && !waits(one.case)));
  yield likely;
  const rest = cases.filter((one) => !likely.includes(one));
  const quick = rest.filter((one) => !waits(one.case));
  for (let at = 0; at < quick.length; at += BATCH) yield quick.slice(at, at + BATCH);
  yield rest.filter((one) => waits(one.case));
}

/**
 * The cases that fail when the implementation has the defect, of the first turn in which there are any. Each has to fail
 * twice, the second time with little beside it, so that a busy machine notices nothing.
 */
async function noticing(
  options: ProveOptions,
  file: TargetFile,
  defect: Defect,
  turns: Iterable<readonly PlannedCase[]>,
  now: () => number,
): Promise<readonly string[]> {
  for (const cases of turns) {
    if (options.signal.aborted) return [];
    const suspects = await failing(options, file, defect, cases, JOBS[file.tests], now);
    if (suspects.length === 0) continue;
    const certain = await failing(options, file, defect, suspects, CONFIRMING_JOBS, now);
    if (certain.length > 0) return certain.map((one) => one.case.id);
  }
  return [];
}

/** The cases of one turn that fail. */
async function failing(
  options: ProveOptions,
  file: TargetFile,
  defect: Defect,
  cases: readonly PlannedCase[],
  jobs: number,
  now: () => number,
): Promise<readonly PlannedCase[]> {
  const ids = new Map<number, string>();
  const failed = new Set<string>();
  await trial(options, file, [defect.id], cases, jobs, now, (event) => {
    if (event.kind === "case-started") ids.set(event.n, event.id);
    if (event.kind !== "case-ended") return;
    const id = ids.get(event.n);
    // A missed should or may is a pass with a warning, and noticed all the same.
    if (id !== undefined && (event.verdict === "fail" || event.failure && event.verdict === "pass")) {
      failed.add(id);
    }
  });
  return cases.filter((one) => failed.has(one.case.id));
}

async function trial(
  options: ProveOptions,
  file: TargetFile,
  defects: readonly string[],
  cases: readonly PlannedCase[],
  jobs: number,
  now: () => number,
  emit: (event: RunEvent) => void,
): Promise<void> {
  await using target: Target = await reach(file, {
    dialect: options.dialect,
    defects,
    signal: options.signal,
  });
  emit({
    kind: "target-started",
    t: now(),
    name: target.name,
    address: target.address,
    supports: target.supports,
    protocols: target.protocols,
  });
  let n = 0;
  await runCases({
    target,
    cases,
    jobs: options.jobs ?? jobs,
    seed: options.seed,
    values: options.values ?? new Map(),
    emit,
    now,
    nextNumber: () => ++n,
    signal: options.signal,
    shuffle: false,
    charts: defects.length === 0,
  });
}

function hurried(file: TargetFile): TargetFile {
  return { ...file, withinMs: WITHIN_MS[file.tests] };
}

/** Each case in one protocol: 3.1.1 where it can be, since a case says the same in all of them. */
function oncePerCase(cases: readonly PlannedCase[]): readonly PlannedCase[] {
  return [...Map.groupBy(cases, (one) => one.case.id).values()].flatMap((runs) => {
    const chosen = runs.find((one) => one.protocol === "3.1.1") ?? runs.at(-1);
    return chosen ? [chosen] : [];
  });
}
