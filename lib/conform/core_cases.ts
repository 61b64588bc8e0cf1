import { estimateMs } from "./module/estimate.ts";
import { type PlannedCase, waits } from "./plan.ts";

/** How much more a fault that would be noticed tells than a clause that is covered: a lab looks for faults first. */
const FAULT = 6;

/** The pace of a slow radio, and how long a case may take at it until it counts as two. */
const SLOW = { resetMs: 0, roundTripMs: 1_500 };
const COSTLY_MS = 2_000;
/** How long all of them may take at that pace, so that they take at most ten minutes with what no estimate knows. */
const MOST_MS = 530_000;

/** What a case run that waits counts as, against one that does not. */
const WAITING = 4;

/**
 * Selects at most `most` case runs that together show most about a target: as many clauses as possible and,
 * of the faults in the recorded proofs, as many as possible. `defects` returns the ids of the cases that
 * notice each defect. On a slow line they take at most ten minutes. Skipped case runs are not selected. The
 * selection depends only on its input, so two runs of one version are the same.
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
    lastsMs: estimateMs([one], SLOW),
    shows: new Set([
      ...(one.case.covers[one.protocol] ?? []).map((clause) => `${one.protocol} ${clause}`),
      ...noticing.get(one.case.id) ?? [],
    ]),
    cost: (waits(one.case) ? WAITING : 1) + one.case.steps.length / 20 + estimateMs([one], SLOW) / COSTLY_MS,
  }));
  const shown = new Set<string>();
  const chosen = new Set<PlannedCase>();
  const left = new Set(open);
  let leftMs = MOST_MS;
  while (chosen.size < most) {
    let best: typeof open[number] | undefined;
    let worth = 0;
    for (const candidate of left) {
      // What is shown stays shown, and time that is used stays used, so such a candidate is dropped for good.
      for (const what of candidate.shows) if (shown.has(what)) candidate.shows.delete(what);
      if (candidate.shows.size === 0 || candidate.lastsMs > leftMs) {
        left.delete(candidate);
        continue;
      }
      const own = worthOf(candidate.shows) / candidate.cost;
      if (own > worth) [best, worth] = [candidate, own];
    }
    if (!best) break;
    for (const what of best.shows) shown.add(what);
    chosen.add(best.one);
    left.delete(best);
    leftMs -= best.lastsMs;
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
