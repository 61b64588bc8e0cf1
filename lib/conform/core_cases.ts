import { estimateMs } from "./module/estimate.ts";
import { type PlannedCase, waits } from "./plan.ts";

/** How much more a fault that would be noticed tells than a clause that is covered: a lab looks for faults first. */
const FAULT = 6;

/** The pace of a slow radio, and how long a case may take at it until it counts as two. */
const SLOW = { resetMs: 0, roundTripMs: 1_500 };
const COSTLY_MS = 2_000;

/** What a case run that waits counts as, against one that does not. */
const WAITING = 4;

/**
 * The case runs that together tell most of a target in at most `most` runs: as many clauses as can be covered and, of the faults
 * that the recorded proofs know, as many as can be noticed. `defects` gives the ids of the cases that notice each. Case runs
 * that are skipped are not chosen. The choice depends on its input alone, so that two runs of one version are the same.
 */
export function coreCases(
  planned: readonly PlannedCase[],
  defects: ReadonlyMap<string, readonly string[]>,
  most: number,
): ReadonlySet<PlannedCase> {
  const noticing = new Map<string, string[]>();
  for (const [defect, ids] of defects) {
    for (const id of ids) noticing.set(id, [...noticing.get(id) ?? [], `${DEFECT}${defect}`]);
  }
  const open = planned.filter(({ skip }) => skip === undefined).map((one) => ({
    one,
    shows: new Set([
      ...(one.case.covers[one.protocol] ?? []).map((clause) => `${one.protocol} ${clause}`),
      ...noticing.get(one.case.id) ?? [],
    ]),
    cost: (waits(one.case) ? WAITING : 1) + one.case.steps.length / 20 + estimateMs([one], SLOW) / COSTLY_MS,
  }));
  const shown = new Set<string>();
  const chosen = new Set<PlannedCase>();
  const left = new Set(open);
  while (chosen.size < most) {
    let best: typeof open[number] | undefined;
    let worth = 0;
    for (const candidate of left) {
      // What is shown can't become new again, so a candidate without anything new is done with.
      for (const what of candidate.shows) if (shown.has(what)) candidate.shows.delete(what);
      if (candidate.shows.size === 0) left.delete(candidate);
      const own = worthOf(candidate.shows) / candidate.cost;
      if (own > worth) [best, worth] = [candidate, own];
    }
    if (!best) break;
    for (const what of best.shows) shown.add(what);
    chosen.add(best.one);
    left.delete(best);
  }
  return chosen;
}

const DEFECT = "defect ";

/** What faults and clauses are worth together. */
function worthOf(shows: ReadonlySet<string>): number {
  let worth = 0;
  for (const what of shows) worth += what.startsWith(DEFECT) ? FAULT : 1;
  return worth;
}
