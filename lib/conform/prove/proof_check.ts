import type { PlannedCase } from "../plan.ts";
import type { Defect, ProofBench, Witness } from "./proof_bench.ts";
import type { ProofRecord } from "./proof_record.ts";
import { doubt, type Findings, note } from "./proof_search.ts";

/**
 * Runs the recorded pairs of a defect and a case, and adds those that still hold to `findings`. Returns a
 * sentence for each that does not: the case passes under the defect, or one of the two no longer exists.
 * `known` are the ids of all existing cases, `cases` those that run here.
 */
export async function checkRecord(
  bench: ProofBench,
  record: ProofRecord,
  defects: readonly Defect[],
  cases: readonly PlannedCase[],
  known: ReadonlySet<string>,
  findings: Findings,
): Promise<readonly string[]> {
  const runnable = new Map(cases.map((one) => [one.case.id, one]));
  const stale: string[] = [];
  const ids = new Set(defects.map(({ id }) => id));
  await bench.each(record, async ([defect, recorded]) => {
    if (!ids.has(defect)) return void stale.push(`unknown defect "${defect}"`);
    for (const id of recorded) if (!known.has(id)) stale.push(`unknown case "${id}"`);
    const pairs = recorded.flatMap((id) => runnable.get(id) ?? []);
    const held = await failingAtLast(bench, defect, pairs);
    note(findings, defect, held);
    const failed = new Set(held.map(({ id }) => id));
    if (bench.aborted) return;
    for (const { case: { id } } of pairs) {
      if (!failed.has(id)) stale.push(`${id} passes with the defect ${defect}`);
    }
  });
  return stale.sort();
}

/**
 * Returns the cases that fail under a defect; those that do not are first tried again with few others beside
 * them.
 */
async function failingAtLast(
  bench: ProofBench,
  defect: string,
  cases: readonly PlannedCase[],
): Promise<readonly Witness[]> {
  const first = await bench.failing(defect, cases, false);
  const failed = new Set(first.map(({ id }) => id));
  const rest = cases.filter((one) => !failed.has(one.case.id));
  return [...first, ...await bench.failing(defect, rest, true)];
}

/**
 * Returns what is worth recording: from the previous record everything that still holds or was not tried; for
 * each other case a defect that breaks it, and for each other defect a case that notices it. A defect that
 * breaks what the case covers (`fits`) is preferred, then the one that shows soonest. `tried` are the cases
 * that were run, `known` all existing ones.
 */
export function newRecord(
  before: ProofRecord,
  findings: Findings,
  tried: ReadonlySet<string>,
  known: ReadonlySet<string>,
  fits: (defect: string, id: string) => boolean,
): ProofRecord {
  const record = new Map<string, string[]>();
  const add = (defect: string, id: string) => record.set(defect, [...record.get(defect) ?? [], id]);
  const recorded = new Set<string>();
  for (const [defect, cases] of before) {
    const held = new Set(findings.witnesses.get(defect)?.map(({ id }) => id));
    for (const id of cases) {
      if (tried.has(id) ? !held.has(id) : !known.has(id)) continue;
      add(defect, id);
      recorded.add(id);
    }
  }
  const pairs = [...findings.witnesses].flatMap(([defect, witnesses]) =>
    witnesses.map(({ id, ms }) => ({ defect, id, ms, fits: fits(defect, id) }))
  ).sort((a, b) => Number(b.fits) - Number(a.fits) || a.ms - b.ms);
  for (const { defect, id } of pairs) {
    if (recorded.has(id)) continue;
    recorded.add(id);
    add(defect, id);
  }
  for (const { defect, id } of pairs) if (!record.has(defect)) add(defect, id);
  return record;
}

/** How many cases are recorded for a defect where others prove the cases. */
const SAMPLED_CASES = 2;

/** What is worth recording where only the defects have to be noticed: of each the cases that notice it soonest. */
export function sampleRecord(before: ProofRecord, findings: Findings): ProofRecord {
  return new Map(
    [...findings.witnesses].flatMap(([defect, witnesses]): [string, string[]][] => {
      const soonest = [...witnesses].sort((a, b) => a.ms - b.ms).map(({ id }) => id);
      const held = before.get(defect)?.filter((id) => soonest.includes(id)) ?? [];
      const ids = [...new Set([...held, ...soonest])].slice(0, SAMPLED_CASES);
      return ids.length > 0 ? [[defect, ids]] : [];
    }),
  );
}

/**
 * Runs the new pairs of a record again, many at a time. Removes those that do not fail from `findings`,
 * because a proof that depends on the machine's load proves nothing. Returns how many were removed.
 */
export async function sift(
  bench: ProofBench,
  record: ProofRecord,
  before: ProofRecord,
  cases: readonly PlannedCase[],
  findings: Findings,
): Promise<number> {
  let dropped = 0;
  await bench.each(record, async ([defect, recorded]) => {
    const fresh = recorded.filter((id) => !before.get(defect)?.includes(id));
    const pairs = cases.filter((one) => fresh.includes(one.case.id));
    const failed = new Set((await bench.failing(defect, pairs, false)).map(({ id }) => id));
    if (bench.aborted) return;
    for (const { case: { id } } of pairs) {
      if (failed.has(id)) continue;
      doubt(findings, defect, id);
      dropped++;
    }
  });
  return dropped;
}
