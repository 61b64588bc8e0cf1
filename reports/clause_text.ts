import { clauseCounts } from "../lib/run/clause_state.ts";
import { isProtocolVersion } from "../lib/mqtt/packet.ts";
import type { ClauseCoverage } from "../lib/run/coverage.ts";

/** The document of a clause, and the kind of target that it applies to. */
export function documentName({ protocol, tests }: Pick<ClauseCoverage, "protocol" | "tests">): string {
  if (!isProtocolVersion(protocol)) return `${protocol} command manual`;
  return `MQTT ${protocol}${tests === undefined ? "" : `, for a ${tests}`}`;
}

/**
 * How many clauses of each document are in each state, one line for each document. Documents with cases for less than half of
 * their clauses are left out, because a run of a few cases says nothing about them.
 */
export function* clauseLines(coverage: readonly ClauseCoverage[]): Generator<string> {
  for (const [name, rows] of Map.groupBy(coverage, documentName)) {
    const covered = rows.filter(({ cases }) => cases > 0).length;
    if (2 * covered >= rows.length) yield `${name}: ${rows.length} clauses, ${clauseCounts(rows)}`;
  }
}
