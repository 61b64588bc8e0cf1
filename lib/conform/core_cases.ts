import { type PlannedCase, waits } from "./plan.ts";

/** The weight of a case run that waits, compared with one that does not. */
const WAITING = 4;

/**
 * Selects at most `most` case runs that together show most about a target: as many clauses as possible and,
 * of the faults in the recorded proofs, as many as possible. `defects` returns the ids of the cases that
 * notice each defect. Skipped case runs are not selected. The selection depends only on its input, so two
 * runs of one version are the same.
 */
export function coreCases(
  planned: readonly PlannedCase[],
  defects: ReadonlyMap<string, readonly string[]>,
  most: number,
): ReadonlySet<PlannedCase> {
  const noticing = new Map<string, string[]>();
  for (const [defect, ids] of defects) {
    for (const id of ids) noticing.set(id, [...noticing.get(id) ?? [], `defect ${defect}`]);
  }
  const open = planned.filter(({ skip }) => skip === undefined).map((one) => ({
    one,
    shows: new Set([
      ...(one.case.covers[one.protocol] ?? []).map((clause) => `${one.protocol} ${clause}`),
      ...noticing.get(one.case.id) ?? [],
    ]),
    cost: (waits(one.case) ? WAITING : 1) + one.case.steps.length / 20,
  }));
  const shown = new Set<string>();
  const chosen = new Set<PlannedCase>();
  const left = new Set(open);
  while (chosen.size < most) {
    let best: typeof open[number] | undefined;
    let worth = 0;
    for (const candidate of left) {
      // A clause or defect that is shown stays shown, so a candidate without anything new is dropped.
      for (const what of candidate.shows) if (shown.has(what)) candidate.shows.delete(what);
      if (candidate.shows.size === 0) left.delete(candidate);
      const own = candidate.shows.size / candidate.cost;
      if (own > worth) [best, worth] = [candidate, own];
    }
    if (!best) break;
    for (const what of best.shows) shown.add(what);
    chosen.add(best.one);
    left.delete(best);
  }
  return chosen;
}
