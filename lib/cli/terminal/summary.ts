import { costLines } from "../../../reports/claims_text.ts";
import { clauseLines } from "../../../reports/clause_text.ts";
import { caseName } from "../../../reports/case_name.ts";
import { failureText } from "../../../reports/failure_text.ts";
import { repeatText } from "../../../reports/repeat_text.ts";
import { visible, visibleLines } from "../../ground/text.ts";
import { type Finding, findingsCount, findingsOf, othersOf } from "../../run/findings.ts";
import type { CaseResult, RunResult } from "../../run/result.ts";
import { tally } from "../../run/standing.ts";
import { plainTable } from "./plain_table.ts";
import type { Screen } from "./screen.ts";

/** How many findings are printed in full; the reports have them all. */
const MOST_FINDINGS = 10;
/** How many cases of a finding are named besides its example. */
const NAMED = 5;

/** Prints the result of a run: the findings, each by its smallest case, a table by suite, and where the reports are. */
export function printSummary(screen: Screen, result: RunResult, paths: readonly string[]): void {
  const findings = findingsOf(result.cases).filter(({ standing }) => standing !== "expected-fail");
  for (const finding of findings.slice(0, MOST_FINDINGS)) printFinding(screen, finding);
  if (findings.length > MOST_FINDINGS) {
    screen.print(`\n… and ${findings.length - MOST_FINDINGS} more findings; the reports have them all`);
  }
  if (result.cases.length > 0) screen.print(`\n${suiteTable(screen, result)}\n`);
  const { totals } = result;
  const parts = [
    screen.paint(findings.length === 0 ? "good" : "strong", `${totals.pass} passed`),
    `${totals.fail} failed`,
    ...(totals.inconclusive > 0 ? [`${totals.inconclusive} inconclusive`] : []),
    ...(totals.error > 0 ? [`${totals.error} errors`] : []),
    ...(totals.expectedFail > 0 ? [`${totals.expectedFail} known deviations`] : []),
    ...(totals.unexpectedPass > 0 ? [`${totals.unexpectedPass} unexpected passes`] : []),
    ...(totals.skip > 0 ? [`${totals.skip} skipped`] : []),
    ...(totals.warnings > 0 ? [`${totals.warnings} warnings`] : []),
    `in ${(result.durationMs / 1000).toFixed(1)} s`,
    ...(result.kind === "conform" ? [`${result.casesPerSecond} per second`] : []),
  ];
  screen.print(parts.join(", "));
  if (findings.length > 0) screen.print(findingsCount(findings));
  for (const line of clauseLines(result.coverage)) screen.print(visible(line));
  for (const line of costLines(result.cases)) screen.print(line);
  if (result.reason !== undefined) screen.print(screen.paint("bad", visibleLines(result.reason)));
  if (result.unjudged !== undefined) screen.print(screen.paint("bad", visible(result.unjudged)));
  if (result.interrupted) {
    screen.print(screen.paint("doubt", `Interrupted: ${result.notRun} case runs did not start`));
  }
  const flaky = result.repeats.filter((one) => one.flaky);
  if (result.repeats.length > 0) {
    screen.print(`${flaky.length} of ${result.repeats.length} repeated cases are flaky`);
  }
  for (const one of flaky.slice(0, MOST_FINDINGS)) {
    screen.print(`  ${screen.paint("doubt", "flaky")}  ${visible(caseName(one))}  ${repeatText(one)}`);
  }
  for (const path of paths) screen.print(`  ${screen.paint("faint", path)}`);
}

/** Prints a finding by its example, with the names of the first `named` of the others. */
export function printFinding(
  screen: Screen,
  finding: Finding,
  named: number = NAMED,
): void {
  const { number, example } = finding;
  screen.print(`\n${number}. ${caseName(example)}\n${failureText(example)}`);
  const others = othersOf(finding);
  if (others.length === 0) return;
  screen.print(`\n  the same in ${others.length} more:`);
  for (const one of others.slice(0, named)) screen.print(`    ${caseName(one)}`);
  if (others.length > named) screen.print(`    and ${others.length - named} more`);
}

function suiteTable(screen: Screen, result: RunResult): string {
  const groups = Map.groupBy(result.cases, (one) => JSON.stringify([one.suite, one.target, one.protocol]));
  const head = ["suite", "target", "protocol", "pass", "fail", "inconcl.", "error", "known", "skip", "time"];
  const rows = [...groups.values()].flatMap((cases) => cases[0] ? [row(screen, cases[0], cases)] : []);
  return plainTable(head, rows, 7);
}

function row(screen: Screen, first: CaseResult, cases: readonly CaseResult[]): string[] {
  const totals = tally(cases);
  const bad = (count: number) => count > 0 ? screen.paint("bad", String(count)) : "";
  const many = (count: number) => count > 0 ? String(count) : "";
  const time = cases.reduce((sum, one) => sum + one.durationMs, 0);
  return [
    visible(first.suite),
    visible(first.target),
    first.protocol,
    many(totals.pass),
    bad(totals.fail + totals.unexpectedPass),
    bad(totals.inconclusive),
    bad(totals.error),
    many(totals.expectedFail),
    many(totals.skip),
    `${(time / 1000).toFixed(1)} s`,
  ];
}
