import type { ClauseListed, Verdict } from "./event.ts";

/** One clause and what the cases of a run say of it. */
export interface ClauseCoverage {
  /** `3.1`, `3.1.1`, `5.0` or `ECMT`. */
  readonly protocol: string;
  readonly clause: string;
  /** Distinct cases that cover it, skipped ones too. */
  readonly cases: number;
  /** The gravest verdict of these cases; `none` when there is no case. A deviation stays a `fail` when it was expected. */
  readonly verdict: Verdict | "none";
  /** The requirement; empty when the run did not list the clause. */
  readonly text: string;
  readonly section?: string;
  /** The same by target, where several targets of the run were tested in this protocol. */
  readonly targets?: readonly TargetCoverage[];
}

/** One clause on one target. */
export interface TargetCoverage {
  readonly target: string;
  readonly cases: number;
  readonly verdict: Verdict | "none";
}

/** What coverage needs to know of a case run. */
export interface CoveringCase {
  readonly id: string;
  readonly target: string;
  readonly protocol: string;
  readonly verdict: Verdict;
  readonly covers: readonly string[];
}

// A proven fault outweighs what could not be told, and that outweighs a pass; a skipped case says nothing beside a pass.
const GRAVITY: readonly (Verdict | "none")[] = ["none", "skip", "pass", "inconclusive", "error", "fail"];

/** The graver of two verdicts for the state of a clause. */
export function graver(a: Verdict | "none", b: Verdict | "none"): Verdict | "none" {
  return GRAVITY.indexOf(a) >= GRAVITY.indexOf(b) ? a : b;
}

/**
 * Says for every clause that the run listed, or that one of its cases covers, how many cases cover it and what came
 * of them. Clauses stand in the order of the list, then in the order in which cases name them.
 */
export function coverage(
  clauses: Iterable<ClauseListed>,
  cases: Iterable<CoveringCase>,
): readonly ClauseCoverage[] {
  const rows = new Map<string, Row>();
  const targets = new Map<string, Set<string>>();
  const rowOf = (protocol: string, clause: string): Row => {
    const key = JSON.stringify([protocol, clause]);
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row: Row = { protocol, clause, all: tally(), text: "", section: undefined, byTarget: new Map() };
    rows.set(key, row);
    return row;
  };
  for (const listed of clauses) {
    const row = rowOf(listed.protocol, listed.clause);
    row.text = listed.text;
    row.section = listed.section;
  }
  for (const one of cases) {
    const ofProtocol = targets.get(one.protocol) ?? new Set();
    targets.set(one.protocol, ofProtocol.add(one.target));
    for (const clause of one.covers) {
      const row = rowOf(one.protocol, clause);
      const own = row.byTarget.get(one.target) ?? tally();
      row.byTarget.set(one.target, own);
      count(row.all, one);
      count(own, one);
    }
  }
  return [...rows.values()].map(({ protocol, clause, all, text, section, byTarget }) => {
    const tested = [...targets.get(protocol) ?? []];
    return {
      protocol,
      clause,
      cases: all.ids.size,
      verdict: all.verdict,
      text,
      ...(section === undefined ? {} : { section }),
      ...(tested.length < 2 ? {} : {
        targets: tested.map((target) => {
          const { ids, verdict } = byTarget.get(target) ?? tally();
          return { target, cases: ids.size, verdict };
        }),
      }),
    };
  });
}

/** Cases and what came of them. */
interface Tally {
  readonly ids: Set<string>;
  verdict: Verdict | "none";
}

interface Row {
  readonly protocol: string;
  readonly clause: string;
  readonly all: Tally;
  readonly byTarget: Map<string, Tally>;
  text: string;
  section: string | undefined;
}

function tally(): Tally {
  return { ids: new Set(), verdict: "none" };
}

function count(tally: Tally, one: CoveringCase): void {
  tally.ids.add(one.id);
  tally.verdict = graver(tally.verdict, one.verdict);
}
