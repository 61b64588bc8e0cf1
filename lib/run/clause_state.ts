import type { Verdict } from "./event.ts";

/** What the cases of a run show of a clause, in the order in which it is told. */
export const CLAUSE_STATES = ["kept", "broken", "undecided", "not shown", "no case"] as const;

/**
 * What the cases of a run show of a clause on a target: `kept` or `broken`; `undecided` where no case came to a verdict; `not
 * shown` where all of its cases were skipped, since the target does not claim what they need or could not be brought to show
 * it; `no case` where none covers it.
 */
export type ClauseState = (typeof CLAUSE_STATES)[number];

const STATES: Readonly<Record<Verdict | "none", ClauseState>> = {
  pass: "kept",
  fail: "broken",
  inconclusive: "undecided",
  error: "undecided",
  skip: "not shown",
  none: "no case",
};

/** The state of a clause by the gravest verdict of its cases. */
export function clauseState(verdict: Verdict | "none"): ClauseState {
  return STATES[verdict];
}

/** How many clauses there are in each state, as `120 kept, 3 broken, 2 not shown`; states without one are left out. */
export function clauseCounts(rows: Iterable<{ readonly state: ClauseState }>): string {
  const byState = Map.groupBy(rows, ({ state }) => state);
  return CLAUSE_STATES.flatMap((state) => {
    const count = byState.get(state)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  }).join(", ");
}
