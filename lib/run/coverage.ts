import { defined } from "../ground/defined.ts";
import { type ClauseState, clauseState } from "./clause_state.ts";
import type { ClauseListed, TargetKind, Verdict } from "./event.ts";

/** One clause and what the cases of a run show about it. */
export interface ClauseCoverage {
  /** `3.1`, `3.1.1`, `5.0` or `ECMT`. */
  readonly protocol: string;
  /** The number of the clause: `MQTT-4.3.3-2`, `ECMT-PUB-U3`. */
  readonly clause: string;
  /** The number of distinct cases that cover it, including skipped ones. */
  readonly cases: number;
  /**
   * The gravest verdict of these cases; `none` if there is no case. An expected deviation still counts as a
   * `fail`.
   */
  readonly verdict: Verdict | "none";
  /** The state of the clause that follows from it. */
  readonly state: ClauseState;
  /** The requirement; empty if the run did not list the clause. */
  readonly text: string;
  /** The section of the standard that contains the clause. */
  readonly section?: string;
  /** The kind of target that the cases are for; absent if the journal does not say. */
  readonly tests?: TargetKind;
  /** Why no case can cover it. */
  readonly uncovered?: string;
  /** The same by target, if several targets of the run were tested in this protocol. */
  readonly targets?: readonly TargetCoverage[];
}

/** One clause on one target. */
export interface TargetCoverage {
  /** The name of the target. */
  readonly target: string;
  /** The number of distinct cases that cover it there, including skipped ones. */
  readonly cases: number;
  /** The verdict. */
  readonly verdict: Verdict | "none";
  /** What the cases show about the clause. */
  readonly state: ClauseState;
}

/** The part of a case run that coverage uses. */
export interface CoveringCase {
  readonly id: string;
  readonly target: string;
  readonly protocol: string;
  readonly verdict: Verdict;
  readonly covers: readonly string[];
  /** The kind of its target. */
  readonly tests?: TargetKind | undefined;
}

// A proven fault outweighs an undecided case, which outweighs a pass; a skipped case adds nothing to a pass.
const GRAVITY: readonly (Verdict | "none")[] = ["none", "skip", "pass", "inconclusive", "error", "fail"];

/** Returns the graver of two verdicts for the state of a clause. */
export function graver(a: Verdict | "none", b: Verdict | "none"): Verdict | "none" {
  return GRAVITY.indexOf(a) >= GRAVITY.indexOf(b) ? a : b;
}

/**
 * Returns the coverage of every clause that the run listed or a case covers: the number of covering cases and
 * their gravest verdict. Each kind of target is counted separately, because a broker's cases show nothing
 * about a module. Clauses come in the order of the list, then in the order in which cases name them.
 */
export function coverage(
  clauses: Iterable<ClauseListed>,
  cases: Iterable<CoveringCase>,
): readonly ClauseCoverage[] {
  const rows = new Map<string, Row>();
  const documents = new Map<string, Set<string>>();
  const rowOf = (tests: TargetKind | undefined, protocol: string, clause: string): Row => {
    const key = JSON.stringify([tests ?? "", protocol, clause]);
    const known = rows.get(key);
    if (known !== undefined) return known;
    const document = JSON.stringify([tests ?? "", protocol]);
    const tested = documents.get(document) ?? new Set();
    documents.set(document, tested);
    const row: Row = {
      tests,
      protocol,
      clause,
      all: tally(),
      listed: undefined,
      byTarget: new Map(),
      tested,
    };
    rows.set(key, row);
    return row;
  };
  const told = new Set<TargetKind | undefined>();
  for (const listed of clauses) {
    told.add(listed.tests);
    rowOf(listed.tests, listed.protocol, listed.clause).listed = listed;
  }
  // Older journals do not list clauses by kind of target.
  const kindOf = (one: CoveringCase) => told.size === 0 || told.has(one.tests) ? one.tests : undefined;
  for (const one of cases) {
    const tests = kindOf(one);
    documents.get(JSON.stringify([tests ?? "", one.protocol]))?.add(one.target);
    for (const clause of one.covers) {
      const row = rowOf(tests, one.protocol, clause);
      row.tested.add(one.target);
      const own = row.byTarget.get(one.target) ?? tally();
      row.byTarget.set(one.target, own);
      count(row.all, one);
      count(own, one);
    }
  }
  return [...rows.values()].map(rowResult);
}

/** Cases and their results. */
interface Tally {
  readonly ids: Set<string>;
  verdict: Verdict | "none";
}

interface Row {
  readonly tests: TargetKind | undefined;
  readonly protocol: string;
  readonly clause: string;
  readonly all: Tally;
  readonly byTarget: Map<string, Tally>;
  /** The targets tested against the same document. */
  readonly tested: Set<string>;
  listed: ClauseListed | undefined;
}

function rowResult({ tests, protocol, clause, all, byTarget, tested, listed }: Row): ClauseCoverage {
  const covered = all.ids.size > 0;
  return defined({
    protocol,
    clause,
    cases: all.ids.size,
    verdict: all.verdict,
    state: clauseState(all.verdict),
    text: listed?.text ?? "",
    section: listed?.section,
    tests,
    uncovered: covered ? undefined : listed?.uncovered,
    targets: tested.size < 2 ? undefined : [...tested].map((target) => {
      const { ids, verdict } = byTarget.get(target) ?? tally();
      return { target, cases: ids.size, verdict, state: clauseState(verdict) };
    }),
  });
}

function tally(): Tally {
  return { ids: new Set(), verdict: "none" };
}

function count(tally: Tally, one: CoveringCase): void {
  tally.ids.add(one.id);
  tally.verdict = graver(tally.verdict, one.verdict);
}
