import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { visible, visibleLines } from "../lib/ground/text.ts";
import { caseName } from "./case_name.ts";
import { clauseLines } from "./clause_text.ts";
import { troubleOf } from "./run_trouble.ts";
import { failureText, reasonOf } from "./failure_text.ts";

/**
 * The run as TAP 14. An expected failure is a `TODO`, so a consumer does not count it; an unexpected pass is `not ok`. A run
 * that did not start, did not end, or judged nothing bails out.
 */
export function renderTap(result: RunResult): string {
  const lines = ["TAP version 14", `1..${result.cases.length}`];
  for (const [index, one] of result.cases.entries()) {
    lines.push(
      `${isOk(one) ? "ok" : "not ok"} ${index + 1} - ${escapeDescription(caseName(one))}${directive(one)}`,
    );
    if (one.standing !== "pass" && one.standing !== "skip") lines.push(...diagnostics(one));
    for (const warning of one.warnings) lines.push(`# warning: ${visible(warning)}`);
  }
  for (const line of clauseLines(result.coverage)) lines.push(`# ${visible(line)}`);
  return [...lines, ...ending(result)].join("\n") + "\n";
}

function isOk(one: CaseResult): boolean {
  return one.standing === "pass" || one.standing === "skip";
}

function directive(one: CaseResult): string {
  if (one.standing === "skip") return ` # SKIP ${escapeDescription(visible(reasonOf(one)))}`;
  if (one.standing === "expected-fail") {
    return ` # TODO ${escapeDescription(visible(one.expected?.reason ?? ""))}`;
  }
  return "";
}

function* diagnostics(one: CaseResult): Generator<string> {
  yield "  ---";
  // A JSON string is also an unambiguous YAML scalar.
  yield `  verdict: ${JSON.stringify(one.verdict)}`;
  yield `  message: ${JSON.stringify(visible(reasonOf(one)))}`;
  yield `  durationMs: ${one.durationMs}`;
  yield "  detail: |2";
  for (const line of visibleLines(failureText(one)).split("\n")) yield `    ${line}`.trimEnd();
  yield "  ...";
}

/** The last lines for a run with a problem of the whole run; none otherwise. */
export function ending(result: RunResult): readonly string[] {
  const trouble = troubleOf(result);
  if (!trouble) return [];
  const detail = trouble.detail === undefined ? [] : visibleLines(trouble.detail).split("\n");
  return [...detail.map((line) => `# ${line}`.trimEnd()), `Bail out! ${visible(trouble.text)}`];
}

/** The description of a test point, with `#` escaped because it would begin a directive. */
export function escapeDescription(description: string): string {
  return description.replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}
