import type { Verdict } from "../run/event.ts";

/** A known deviation of a target: what verdict a case has there, and why that is accepted. */
export interface Expectation {
  /** The case's id, exactly. */
  readonly case: string;
  /** One protocol; absent for all. */
  readonly protocol?: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** The expectation that applies to a case in a protocol; one that names the protocol goes first. */
export function expectationFor(
  expectations: readonly Expectation[],
  id: string,
  protocol: string,
): Expectation | undefined {
  const ofCase = expectations.filter((one) => one.case === id);
  return ofCase.find((one) => one.protocol === protocol) ?? ofCase.find((one) => one.protocol === undefined);
}
