import type { CaseResult } from "../run/result.ts";
import type { Expectation } from "../target/expectation_file.ts";

/**
 * The expectations that fit a run: those before with their reasons, those of cases that pass now taken out, new
 * deviations added with what the run said as their reason. Cases that were not run keep their entries.
 */
export function updatedExpectations(
  before: readonly Expectation[],
  cases: readonly CaseResult[],
): readonly Expectation[] {
  const ran = new Map(cases.map((one) => [`${one.id} ${one.protocol}`, one]));
  const kept = before.filter((entry) => {
    const runs = cases.filter((one) =>
      one.id === entry.case && (entry.protocol === undefined || entry.protocol === one.protocol)
    );
    return runs.length === 0 || runs.some((one) => one.verdict === entry.verdict);
  });
  const covered = (one: CaseResult) =>
    kept.some((entry) =>
      entry.case === one.id && entry.verdict === one.verdict &&
      (entry.protocol ?? one.protocol) === one.protocol
    );
  const added = [...ran.values()]
    .filter((one) => one.verdict !== "pass" && one.verdict !== "skip" && !covered(one))
    .map((one): Expectation => ({
      case: one.id,
      protocol: one.protocol,
      verdict: one.verdict,
      reason: one.reason ?? "not given yet",
    }));
  return [...kept, ...added];
}
