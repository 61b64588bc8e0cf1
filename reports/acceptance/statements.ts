import type { ClauseState } from "../../lib/run/clause_state.ts";
import type { ClauseCoverage } from "../../lib/run/coverage.ts";
import type { RunResult, TargetResult } from "../../lib/run/result.ts";

/** A statement of a document that a target is asked to keep, and what the run shows of it on this target. */
export interface Statement {
  readonly row: ClauseCoverage;
  readonly state: ClauseState;
}

/** The statements of the documents that a target was tested by, in the order of the documents. */
export function statementsOf(result: RunResult, target: TargetResult): readonly Statement[] {
  return result.coverage
    .filter((row) => row.tests === undefined || row.tests === target.tests)
    .filter(({ protocol }) => target.protocols.includes(protocol))
    .map((row) => ({
      row,
      state: row.targets?.find((one) => one.target === target.name)?.state ?? row.state,
    }));
}

/**
 * How many statements of its documents the run has judged on a target: `judged 52 of 169 statements: partial`. It is partial where
 * a statement has cases and the run did not select or could not judge them; a statement that no case can judge does not count for that.
 * Empty where no document is known.
 */
export function judgedLine(statements: readonly Statement[]): string {
  if (statements.length === 0) return "";
  const judged = statements.filter(({ state }) => state === "kept" || state === "broken").length;
  const partial = statements.some(({ row, state }) =>
    state === "undecided" || (state === "no case" && row.uncovered === undefined)
  );
  return `judged ${judged} of ${statements.length} statements${partial ? ": partial" : ""}`;
}
