import type { BrokenClause, Failure } from "../lib/run/event.ts";

/** What a report says about a rule that the standard states without a number. */
const UNNUMBERED = "a rule of MQTT that its text states without a number";

/**
 * What a failure is cited under: the clauses of the rule that a packet breaks, or the name of the rule where its text has no number;
 * otherwise the clauses that the case is about.
 */
export function citedClauses({ rules = [], clauses }: Failure): readonly BrokenClause[] {
  if (rules.length === 0) return clauses;
  const own = clauses.filter(({ ofRule }) => ofRule);
  return own.length > 0 ? own : rules.map((rule) => ({ clause: rule, text: UNNUMBERED }));
}
