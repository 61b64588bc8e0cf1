import { clauseCounts } from "../lib/run/clause_state.ts";
import type { ClauseCoverage } from "../lib/run/coverage.ts";

/** What a clause stands in, and whom it is asked of. */
export function documentName({ protocol, tests }: Pick<ClauseCoverage, "protocol" | "tests">): string {
  const document = protocol === "ECMT" ? "ECMT command manual" : `MQTT ${protocol}`;
  return tests === undefined || protocol === "ECMT" ? document : `${document}, for a ${tests}`;
}

/**
 * How many clauses of each document are in which state, a line for each. A document of which less than half has cases in the
 * run is left out: a run of a few cases says nothing about it.
 */
export function* clauseLines(coverage: readonly ClauseCoverage[]): Generator<string> {
  for (const [name, rows] of Map.groupBy(coverage, documentName)) {
    const covered = rows.filter(({ cases }) => cases > 0).length;
    if (2 * covered >= rows.length) yield `${name}: ${rows.length} clauses, ${clauseCounts(rows)}`;
  }
}
