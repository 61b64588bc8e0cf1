import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { findingsOf } from "../lib/run/findings.ts";
import { tally, type Totals } from "../lib/run/standing.ts";
import { repeatText } from "./repeat_text.ts";
import { failureText, reasonOf, STANDING_NAMES } from "./failure_text.ts";
import { visible } from "../lib/ground/text.ts";
import { nameInSuite } from "./case_name.ts";
import { clauseLines } from "./clause_text.ts";
import { type RunTrouble, troubleOf } from "./run_trouble.ts";
import { attribute, content } from "./xml.ts";

/**
 * The run as JUnit XML, with a test suite for each suite and target. `fail`, `inconclusive` and unexpected passes are
 * failures; `skip` and expected failures are skipped. A problem of the whole run, such as a target that can't be reached,
 * is a separate suite. What the run shows about the clauses is a property of the first suite. Class names begin with the
 * target, so no two cases share a name. Characters that XML 1.0 forbids are written by name.
 */
export function renderJunit(result: RunResult): string {
  const trouble = troubleOf(result);
  const suites = Map.groupBy(result.cases, (one) => JSON.stringify([one.suite, one.target]));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="attest" ${counts(tally(result.cases), result.cases.length, trouble)} time="${
      seconds(result.durationMs)
    }">`,
  ];
  const findings = new Map(
    findingsOf(result.cases).flatMap(({ number, cases }) => cases.map((one) => [one, number] as const)),
  );
  const [first] = suites.values();
  for (const cases of suites.values()) {
    lines.push(...suiteLines(cases, result, cases === first ? clauseLines(result.coverage) : [], findings));
  }
  if (trouble) lines.push(...troubleSuite(result, trouble));
  lines.push("</testsuites>", "");
  return lines.join("\n");
}

function* suiteLines(
  cases: readonly CaseResult[],
  result: RunResult,
  clauses: Iterable<string>,
  findings: ReadonlyMap<CaseResult, number>,
): Generator<string> {
  const [first] = cases;
  if (first === undefined) return;
  const time = seconds(cases.reduce((sum, one) => sum + one.durationMs, 0));
  const at = timestamp(result.startedAt);
  yield `  <testsuite name="${attribute(`${first.suite} @ ${first.target}`)}" ${
    counts(tally(cases), cases.length)
  } time="${time}"${at === undefined ? "" : ` timestamp="${at}"`}>`;
  const flaky = result.repeats.filter((one) =>
    one.flaky && one.target === first.target && one.id.startsWith(`${first.suite}/`)
  );
  const properties = [
    ...[...clauses].map((line) => property("clauses", line)),
    ...flaky.map((one) => property(`flaky:${one.id} (${one.protocol})`, repeatText(one))),
  ];
  if (properties.length > 0) yield* ["    <properties>", ...properties, "    </properties>"];
  for (const one of cases) yield* caseLines(one, findings.get(one));
  yield "  </testsuite>";
}

function* caseLines(one: CaseResult, finding: number | undefined): Generator<string> {
  const iteration = one.iteration === undefined ? "" : ` run ${one.iteration}`;
  yield `    <testcase name="${attribute(`${nameInSuite(one)} (${one.protocol}${iteration})`)}" classname="${
    attribute(`${one.target}.${one.suite.replaceAll("/", ".")}`)
  }" file="${attribute(one.file)}" line="${one.line}" time="${seconds(one.durationMs)}">`;
  yield "      <properties>";
  yield property("level", one.level);
  for (const clause of one.covers) yield property("covers", clause);
  if (finding !== undefined) yield property("finding", String(finding));
  yield "      </properties>";
  const outcome = outcomeLine(one);
  if (outcome !== undefined) yield outcome;
  const output = systemOut(one);
  if (output !== undefined) yield `      <system-out>${content(output)}</system-out>`;
  yield "    </testcase>";
}

function outcomeLine(one: CaseResult): string | undefined {
  const message = attribute(reasonOf(one));
  const type = attribute(STANDING_NAMES[one.standing]);
  switch (one.standing) {
    case "pass":
      return undefined;
    case "skip":
      return `      <skipped message="${message}"/>`;
    case "expected-fail":
      return `      <skipped message="${attribute(`expected failure: ${reasonOf(one)}`)}"/>`;
    case "error":
      return `      <error message="${message}" type="${type}">${content(failureText(one))}</error>`;
    case "fail":
    case "inconclusive":
    case "unexpected-pass":
      return `      <failure message="${message}" type="${type}">${content(failureText(one))}</failure>`;
  }
}

function systemOut(one: CaseResult): string | undefined {
  if (one.standing === "expected-fail") return failureText(one);
  if (one.standing !== "pass") return undefined;
  if (one.failure !== undefined) return failureText(one);
  if (one.warnings.length === 0) return undefined;
  return one.warnings.map((warning) => `warning: ${visible(warning)}`).join("\n");
}

/** A suite with one test case that describes a problem of the whole run. */
export function* troubleSuite(
  result: RunResult,
  { kind, type, text, detail }: RunTrouble,
): Generator<string> {
  const at = timestamp(result.startedAt);
  const numbers = `tests="1" failures="${kind === "failure" ? 1 : 0}" errors="${
    kind === "error" ? 1 : 0
  }" skipped="0"`;
  yield `  <testsuite name="the run" ${numbers} time="0.000"${at === undefined ? "" : ` timestamp="${at}"`}>`;
  const names = result.targets.map(({ name }) => name).join("+");
  yield `    <testcase name="the run" classname="${
    attribute(["attest", result.kind, names].filter((part) => part !== "").join("."))
  }" time="0.000">`;
  yield `      <${kind} message="${attribute(text)}" type="${type}"${
    detail === undefined ? "/>" : `>${content(detail)}</${kind}>`
  }`;
  yield "    </testcase>";
  yield "  </testsuite>";
}

function counts(totals: Totals, cases: number, trouble?: RunTrouble): string {
  const of = (kind: RunTrouble["kind"]) => trouble?.kind === kind ? 1 : 0;
  const tests = cases + (trouble ? 1 : 0);
  const failures = totals.fail + totals.inconclusive + totals.unexpectedPass + of("failure");
  const skipped = totals.skip + totals.expectedFail;
  return `tests="${tests}" failures="${failures}" errors="${
    totals.error + of("error")
  }" skipped="${skipped}"`;
}

function property(name: string, value: string): string {
  return `        <property name="${attribute(name)}" value="${attribute(value)}"/>`;
}

/** A time in JUnit's form: seconds with three decimals. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** The date and time of a suite; JUnit's schemas allow no fraction of a second. */
export function timestamp(rfc3339: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(rfc3339)?.[0];
}
