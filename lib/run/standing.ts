import type { CaseEnded, Verdict } from "./event.ts";

/**
 * What a verdict means for the run, after the known deviations are taken into account. Every case run has
 * exactly one standing.
 *
 * `expected-fail` is any verdict except pass and skip that the expectation file lists for the case.
 * `unexpected-pass` is a pass if the file lists another verdict, which means that the file is out of date.
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

/** Returns the standing of a verdict, given what was expected of the case. */
export function standingOf(verdict: Verdict, expected: CaseEnded["expected"]): Standing {
  if (expected === undefined || verdict === "skip") return verdict;
  if (verdict === expected.verdict) return verdict === "pass" ? "pass" : "expected-fail";
  if (verdict === "pass" && expected.sometimes) return "pass";
  return verdict === "pass" ? "unexpected-pass" : verdict;
}

/** How many case runs have each standing; the first seven add up to the number of case runs. */
export interface Totals {
  /** Passed. */
  readonly pass: number;
  /** Failed and not expected to. */
  readonly fail: number;
  /** Not judged, because a precondition was not met. */
  readonly inconclusive: number;
  /** Skipped, because the target does not claim it. */
  readonly skip: number;
  /** Not judged, because the harness or the link broke. */
  readonly error: number;
  /** Did not pass, as listed in the expectation file. */
  readonly expectedFail: number;
  /** Passed although the expectation file lists another verdict. */
  readonly unexpectedPass: number;
  /** Violated `should` and `may` clauses and remarks, over all cases. */
  readonly warnings: number;
  /** Passed cases that failed beside other cases and passed alone. */
  readonly onlyBesideOthers: number;
}

/** Returns the count of a standing in {@link Totals}. */
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

/** Adds two totals. */
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

/** Returns how many case runs the totals count. */
export function caseRuns(totals: Totals): number {
  return STANDINGS.reduce((sum, standing) => sum + totalOf(totals, standing), 0);
}
