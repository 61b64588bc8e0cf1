import type { Verdict } from "./event.ts";

/** The states of a clause in a run, in the order in which they are listed. */
export const CLAUSE_STATES = ["kept", "broken", "undecided", "not shown", "no case"] as const;

/**
 * What the cases of a run show about a clause on a target. `kept` or `broken`: a case proved it. `undecided`:
 * no case reached a verdict. `not shown`: all its cases were skipped, because the target does not claim what
 * they need or could not be made to show it. `no case`: no case covers it.
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

/** Returns the state of a clause for the gravest verdict of its cases. */
export function clauseState(verdict: Verdict | "none"): ClauseState {
  return STATES[verdict];
}

/**
 * Formats how many clauses have each state, such as `120 kept, 3 broken, 2 not shown`; empty states are
 * omitted.
 */
export function clauseCounts(rows: Iterable<{ readonly state: ClauseState }>): string {
  const byState = Map.groupBy(rows, ({ state }) => state);
  return CLAUSE_STATES.flatMap((state) => {
    const count = byState.get(state)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  }).join(", ");
}
