import type { CaseResult, RunResult } from "../../lib/run/result.ts";

/** What a run says about a target, for the person who must accept it. */
export type Acceptance = "accepted" | "accepted with deviations" | "refused" | "not judged";

/** The verdict, with the sentence that it follows from. */
export interface AcceptanceVerdict {
  readonly verdict: Acceptance;
  readonly because: string;
}

/** The rule in the words of the page. */
export const RULE =
  "Refused: a case failed that is not listed as a known deviation. Not judged: otherwise, where " +
  "the run did not end, a case ended in error or inconclusive, a listed deviation did not show, or no case passed. " +
  "Accepted with deviations: otherwise, where a listed deviation showed. Accepted: otherwise. A missed SHOULD or MAY is a " +
  "warning and refuses nothing. Skipped cases are those that the target does not claim. Partial: a statement has cases, " +
  "and this run did not select or could not judge them.";

/** The verdict on one target of a run, by {@link RULE}. */
export function acceptanceOf(result: RunResult, target: string): AcceptanceVerdict {
  const cases = result.cases.filter((one) => one.target === target);
  const count = (standing: CaseResult["standing"]) => cases.filter((one) => one.standing === standing).length;
  const failed = count("fail");
  if (failed > 0) return { verdict: "refused", because: many(failed, "case run failed", "case runs failed") };
  const open = [
    result.complete && !result.interrupted ? "" : "the run did not end",
    result.notRun > 0
      ? many(result.notRun, "planned case run was not begun", "planned case runs were not begun")
      : "",
    result.reason ?? "",
    count("error") > 0 ? many(count("error"), "case run ended in error", "case runs ended in error") : "",
    count("inconclusive") > 0
      ? many(count("inconclusive"), "case run was inconclusive", "case runs were inconclusive")
      : "",
    count("unexpected-pass") > 0
      ? many(count("unexpected-pass"), "listed deviation did not show", "listed deviations did not show")
      : "",
  ].filter((part) => part !== "");
  const passed = count("pass");
  if (open.length > 0) return { verdict: "not judged", because: open.join("; ") };
  if (passed === 0) return { verdict: "not judged", because: "no case passed" };
  const deviations = count("expected-fail");
  const warnings = cases.reduce((sum, one) => sum + one.warnings.length, 0);
  const because = [
    many(passed, "case run passed", "case runs passed"),
    deviations > 0 ? many(deviations, "deviated as listed", "deviated as listed") : "none failed",
    warnings > 0 ? many(warnings, "warning", "warnings") : "",
  ].filter((part) => part !== "").join(", ");
  return { verdict: deviations > 0 ? "accepted with deviations" : "accepted", because };
}

function many(n: number, one: string, more: string): string {
  return `${n} ${n === 1 ? one : more}`;
}
