import { type PlannedCase, waits } from "../plan.ts";
import type { Defect, ProofBench, Witness } from "./proof_bench.ts";

/** What a proof has found so far. */
export interface Findings {
  /** For each defect the cases that were seen to fail under it. */
  readonly witnesses: Map<string, Witness[]>;
  /** The cases that a defect must break and none has broken yet. */
  readonly open: Set<string>;
  /** Pairs of a defect and a case that do not fail every time, as `defect case`. */
  readonly doubtful: Set<string>;
}

/** How many cases are tried at a time after the likely ones have not noticed a defect. */
const BATCH = 300;

/**
 * Searches a case that fails under each defect without a witness, and a defect that breaks each open case.
 * `all` tries each case against each defect; a list asks for witnesses of these defects only. Adds its
 * results to `findings`.
 */
export async function search(
  bench: ProofBench,
  defects: readonly Defect[],
  cases: readonly PlannedCase[],
  findings: Findings,
  sought: readonly Defect[] | "all",
): Promise<void> {
  const { open } = findings;
  const all = sought === "all";
  const unnoticed = all ? defects : sought.filter(({ id }) => !findings.witnesses.has(id));
  await bench.each(unnoticed, async (defect) => {
    const tried = all ? [cases] : turns(defect, cases, open);
    note(findings, defect.id, await noticing(bench, defect.id, tried, findings));
  });
  // A case is best proved by a defect that breaks what it covers, so each of these gets a turn.
  const unbroken = cases.filter((one) => open.has(one.case.id));
  await bench.each(defects, async (defect) => {
    const covering = unbroken.filter((one) => covers(one, defect));
    note(findings, defect.id, await noticing(bench, defect.id, [covering], findings));
  });
  // A defect that was noticed early has left cases untried that only it may break.
  await bench.each(defects, async ({ id }) => {
    const untried = cases.filter((one) => open.has(one.case.id));
    note(findings, id, await noticing(bench, id, [untried], findings));
  });
  // The load of the machine can prevent a verdict: try unnoticed defects again, with nothing beside them.
  for (const { id } of unnoticed) {
    if (findings.witnesses.has(id) || bench.aborted) continue;
    note(findings, id, await noticing(bench, id, [cases], findings));
  }
}

/** Adds witnesses to the findings. */
export function note(findings: Findings, defect: string, witnesses: readonly Witness[]): void {
  if (witnesses.length === 0) return;
  findings.witnesses.set(defect, [...findings.witnesses.get(defect) ?? [], ...witnesses]);
  for (const { id } of witnesses) findings.open.delete(id);
}

/**
 * Yields the turns in which cases are tried against a defect, each only if the earlier ones noticed nothing:
 * first the cases that cover what it breaks and the fast ones that no defect has broken yet, then the others;
 * those that wait come last.
 */
function* turns(
  defect: Defect,
  cases: readonly PlannedCase[],
  open: ReadonlySet<string>,
): Generator<readonly PlannedCase[]> {
  const likely = cases.filter((one) => covers(one, defect) || (open.has(one.case.id) && !waits(one.case)));
  yield likely;
  const rest = cases.filter((one) => !likely.includes(one));
  const quick = rest.filter((one) => !waits(one.case));
  for (let at = 0; at < quick.length; at += BATCH) yield quick.slice(at, at + BATCH);
  yield rest.filter((one) => waits(one.case));
}

/** Names a pair as in {@link Findings}. */
export function pairOf(defect: string, id: string): string {
  return `${defect} ${id}`;
}

/** Removes a pair from the findings because it does not fail every time. */
export function doubt(findings: Findings, defect: string, id: string): void {
  findings.doubtful.add(pairOf(defect, id));
  const left = findings.witnesses.get(defect)?.filter((one) => one.id !== id) ?? [];
  if (left.length > 0) findings.witnesses.set(defect, left);
  else findings.witnesses.delete(defect);
  if (![...findings.witnesses.values()].flat().some((one) => one.id === id)) findings.open.add(id);
}

/** Whether a case covers what a defect breaks. */
export function covers(one: PlannedCase, defect: Defect): boolean {
  return one.case.covers[one.protocol]?.some((clause) => defect.clauses?.includes(clause)) ?? false;
}

/**
 * Returns the cases that fail under a defect, from the first turn that has any. Each must fail twice, the
 * second time with few others beside it, so the load of the machine does not count.
 */
async function noticing(
  bench: ProofBench,
  defect: string,
  turns: Iterable<readonly PlannedCase[]>,
  { doubtful }: Findings,
): Promise<readonly Witness[]> {
  for (const turn of turns) {
    const cases = turn.filter((one) => !doubtful.has(pairOf(defect, one.case.id)));
    const suspects = new Set((await bench.failing(defect, cases, false)).map(({ id }) => id));
    const certain = await bench.failing(defect, cases.filter((one) => suspects.has(one.case.id)), true);
    if (certain.length > 0) return certain;
  }
  return [];
}
