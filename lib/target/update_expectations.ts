import type { CaseResult } from "../run/result.ts";
import type { KnownDeviation } from "./expectation_file.ts";

/**
 * Returns the known deviations that fit a run: the earlier ones with their reasons, except for cases that
 * pass now, and new ones with the run's reason. Cases that were not run, or were skipped, keep their entries.
 * An `error` is a fault of the harness or the link, so it adds no entry.
 */
export function updatedExpectations(
  before: readonly KnownDeviation[],
  cases: readonly CaseResult[],
): readonly KnownDeviation[] {
  const judged = cases.filter((one) => one.verdict !== "skip");
  const kept = before.flatMap((entry) => stillTrue(entry, judged));
  const covered = (one: CaseResult) =>
    kept.some((entry) => entry.verdict === one.verdict && speaksOf(entry, one));
  const added = new Map<string, KnownDeviation>();
  for (const one of judged) {
    if (one.verdict === "pass" || one.verdict === "error" || covered(one)) continue;
    added.set(`${one.id} ${one.protocol}`, {
      case: one.id,
      protocol: one.protocol,
      verdict: one.verdict,
      reason: one.reason ?? "not given yet",
    });
  }
  return [...kept, ...added.values()];
}

/** Returns the entry, restricted to the protocols in which it still holds; none if it holds in none. */
function stillTrue(entry: KnownDeviation, judged: readonly CaseResult[]): readonly KnownDeviation[] {
  const runs = judged.filter((one) => speaksOf(entry, one));
  const asExpected = (one: CaseResult) =>
    one.verdict === entry.verdict || one.verdict === "error" || (entry.sometimes && one.verdict === "pass");
  if (runs.every(asExpected)) return [entry];
  const protocols = new Set(runs.filter((one) => one.verdict === entry.verdict).map((one) => one.protocol));
  return [...protocols].map((protocol) => ({ ...entry, protocol }));
}

function speaksOf(entry: KnownDeviation, one: CaseResult): boolean {
  return entry.case === one.id && (entry.protocol ?? one.protocol) === one.protocol;
}
