import { caseRuns, type Totals } from "./standing.ts";

/** Whether no case was judged: none ran, or all were skipped. */
export function nothingJudged(totals: Totals): boolean {
  return caseRuns(totals) === totals.skip;
}

/** Explains in a sentence why no case was judged. `reasons` are those of the skipped ones. */
export function unjudgedCases(totals: Totals, reasons: readonly string[]): string {
  if (totals.skip === 0) {
    return "Nothing was judged: no case was selected, because the suites, the filters, the protocols and " +
      "the targets have none in common";
  }
  const all = totals.skip === 1
    ? "the one case run was skipped"
    : `all ${totals.skip} case runs were skipped`;
  const counts = Map.groupBy(reasons, (reason) => reason);
  const [reason, own = []] = [...counts].reduce<readonly [string, readonly string[]]>(
    (most, one) => one[1].length > most[1].length ? one : most,
    ["", []],
  );
  if (reason === "") return `Nothing was judged: ${all}`;
  return `Nothing was judged: ${all}, ` +
    `${own.length === reasons.length ? "" : `${own.length} of them `}because: ${reason}`;
}
