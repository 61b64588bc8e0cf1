import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { caseName, failureText, reasonOf } from "./failure_text.ts";
import { visible, visibleLines } from "../lib/ground/text.ts";

/**
 * The run as TAP 14. An expected failure is a `TODO`, so that a consumer does not count it; an unexpected pass is
 * `not ok`. A run that did not end bails out.
 */
export function renderTap(result: RunResult): string {
  const lines = ["TAP version 14", `1..${result.cases.length}`];
  for (const [index, one] of result.cases.entries()) {
    lines.push(`${isOk(one) ? "ok" : "not ok"} ${index + 1} - ${escape(caseName(one))}${directive(one)}`);
    if (one.standing !== "pass" && one.standing !== "skip") lines.push(...diagnostics(one));
    for (const warning of one.warnings) lines.push(`# warning: ${visible(warning)}`);
  }
  if (result.interrupted) lines.push("Bail out! The run was interrupted");
  else if (!result.complete) lines.push("Bail out! The run did not end");
  return lines.join("\n") + "\n";
}

function isOk(one: CaseResult): boolean {
  return one.standing === "pass" || one.standing === "skip";
}

function directive(one: CaseResult): string {
  if (one.standing === "skip") return ` # SKIP ${escape(visible(reasonOf(one)))}`;
  if (one.standing === "expected-fail") return ` # TODO ${escape(visible(one.expected?.reason ?? ""))}`;
  return "";
}

function* diagnostics(one: CaseResult): Generator<string> {
  yield "  ---";
  // A JSON string is a YAML scalar too, and leaves nothing to be guessed.
  yield `  verdict: ${JSON.stringify(one.verdict)}`;
  yield `  message: ${JSON.stringify(visible(reasonOf(one)))}`;
  yield `  durationMs: ${one.durationMs}`;
  yield "  detail: |2";
  for (const line of visibleLines(failureText(one)).split("\n")) yield `    ${line}`.trimEnd();
  yield "  ...";
}

function escape(description: string): string {
  return description.replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}
