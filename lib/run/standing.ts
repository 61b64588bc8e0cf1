import type { CaseEnded, Verdict } from "./event.ts";

/**
 * What a verdict means for the run, once the known deviations are taken into account. Every case run has exactly one.
 *
 * `expected-fail` is any verdict but pass and skip that the expectation file lists for the case; `unexpected-pass` is a
 * pass where the file lists something else, so that the file is out of date.
 */
export const STANDINGS = [
  "fail",
  "error",
  "inconclusive",
  "unexpected-pass",
  "expected-fail",
  "skip",
  "pass",
] as const;
/** One of {@link STANDINGS}. */
export type Standing = (typeof STANDINGS)[number];

/** The standing of a verdict under what was expected of the case. */
export function standingOf(verdict: Verdict, expected: CaseEnded["expected"]): Standing {
  if (expected === undefined || verdict === "skip") return verdict;
  if (verdict === expected.verdict) return verdict === "pass" ? "pass" : "expected-fail";
  if (verdict === "pass" && expected.sometimes) return "pass";
  return verdict === "pass" ? "unexpected-pass" : verdict;
}

/** How many case runs have each standing; the first seven add up to the number of case runs. */
export interface Totals {
  /** What passed. */
  readonly pass: number;
  /** What failed and was not expected to. */
  readonly fail: number;
  /** What could not be judged, since a precondition was not met. */
  readonly inconclusive: number;
  /** What the target does not claim. */
  readonly skip: number;
  /** What the harness or the link broke. */
  readonly error: number;
  /** What did not pass, as the expectation file lists it. */
  readonly expectedFail: number;
  /** What passed although the expectation file lists another verdict. */
  readonly unexpectedPass: number;
  /** Missed `should` and `may` clauses and remarks, over all cases. */
  readonly warnings: number;
  /** Of those that pass: cases that failed beside others and passed alone. */
  readonly onlyBesideOthers: number;
}

/** The count of a standing in {@link Totals}. */
export function totalOf(totals: Totals, standing: Standing): number {
  switch (standing) {
    case "expected-fail":
      return totals.expectedFail;
    case "unexpected-pass":
      return totals.unexpectedPass;
    default:
      return totals[standing];
  }
}

/** Counts standings and warnings. */
export function tally(
  cases: Iterable<{
    readonly standing: Standing;
    readonly warnings: readonly string[];
    readonly onlyBesideOthers?: true | undefined;
  }>,
): Totals {
  const counts = new Map<Standing, number>();
  let warnings = 0;
  let onlyBesideOthers = 0;
  for (const one of cases) {
    counts.set(one.standing, (counts.get(one.standing) ?? 0) + 1);
    warnings += one.warnings.length;
    if (one.onlyBesideOthers) onlyBesideOthers++;
  }
  const of = (standing: Standing) => counts.get(standing) ?? 0;
  return {
    pass: of("pass"),
    fail: of("fail"),
    inconclusive: of("inconclusive"),
    skip: of("skip"),
    error: of("error"),
    expectedFail: of("expected-fail"),
    unexpectedPass: of("unexpected-pass"),
    warnings,
    onlyBesideOthers,
  };
}

/** The sums of two totals. */
export function addTotals(a: Totals | undefined, b: Totals): Totals {
  if (a === undefined) return b;
  return {
    pass: a.pass + b.pass,
    fail: a.fail + b.fail,
    inconclusive: a.inconclusive + b.inconclusive,
    skip: a.skip + b.skip,
    error: a.error + b.error,
    expectedFail: a.expectedFail + b.expectedFail,
    unexpectedPass: a.unexpectedPass + b.unexpectedPass,
    warnings: a.warnings + b.warnings,
    onlyBesideOthers: a.onlyBesideOthers + b.onlyBesideOthers,
  };
}

/** How many case runs the totals count. */
export function caseRuns(totals: Totals): number {
  return STANDINGS.reduce((sum, standing) => sum + totalOf(totals, standing), 0);
}
