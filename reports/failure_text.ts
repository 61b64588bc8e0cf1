import type { Failure } from "../lib/run/event.ts";
import type { CaseResult } from "../lib/run/result.ts";
import type { Standing } from "../lib/run/standing.ts";
import { chartText } from "./chart_text.ts";
import { citedClauses } from "./cited.ts";
import { spacedHex } from "./hex.ts";
import { cut, visible } from "../lib/ground/text.ts";

/** The name of each standing for a reader. */
export const STANDING_NAMES: Readonly<Record<Standing, string>> = {
  "fail": "fail",
  "error": "error",
  "inconclusive": "inconclusive",
  "unexpected-pass": "unexpected pass",
  "expected-fail": "expected failure",
  "skip": "skip",
  "pass": "pass",
};

/** The sentence that explains a case's standing; empty for a pass without a remark. */
export function reasonOf(one: CaseResult): string {
  if (one.standing === "unexpected-pass") {
    return `The case passes, but the expectation file lists it as ${
      one.expected?.verdict ?? "a deviation"
    }: ${one.expected?.reason ?? ""}. Remove the entry`;
  }
  const own = one.reason ?? (one.standing === "pass" ? "" : one.failure?.message ?? "");
  if (one.standing !== "expected-fail") return own;
  return `${own === "" ? "" : own + ". "}Known deviation: ${one.expected?.reason ?? ""}`;
}

/**
 * A failure as text that makes sense on its own: the violation, the clauses, the step's place and source, what was expected
 * and received, the variables, and the last lines of the sequence chart. The terminal, JUnit and the HTML report show the
 * same text. It has no escape sequences and no newline at the end.
 */
export function failureText(one: CaseResult, options: { readonly chartLines?: number } = {}): string {
  // A case with a violated SHOULD passes but still has a failure.
  const reason = visible(reasonOf(one) || (one.failure?.message ?? ""));
  const parts = [STANDING_NAMES[one.standing] + (reason === "" ? "" : `: ${reason}`)];
  if (one.failure !== undefined) parts.push(...failureParts(one.failure, stepColumn(one)));
  else parts.push(`  --> ${visible(one.file)}:${one.line}`);
  for (const warning of one.warnings) parts.push(`  warning  ${visible(warning)}`);
  const chart = chartText(one, { last: options.chartLines ?? 12 });
  if (chart !== "") parts.push("", indent(chart));
  return parts.join("\n");
}

function failureParts(failure: Failure, column: number): string[] {
  const parts = [sourceExcerpt(failure, column)];
  for (const { clause, text } of citedClauses(failure)) parts.push(`  ${visible(clause)}  ${visible(text)}`);
  if (failure.expected !== undefined) parts.push(`  expected  ${cut(visible(failure.expected), VALUE)}`);
  if (failure.got !== undefined) parts.push(`  got       ${cut(visible(failure.got), VALUE)}`);
  if (failure.hex !== undefined) parts.push(`            ${spacedHex(failure.hex, 64)}`);
  for (const [name, value] of Object.entries(failure.variables)) {
    parts.push(`  with      $${visible(name)} = ${cut(visible(value), VALUE)}`);
  }
  return parts;
}

const VALUE = 400;

/** The column at which the failing step begins, which may be before the place of the failure. */
export function stepColumn(one: Pick<CaseResult, "steps" | "failure">): number {
  const { failure } = one;
  const step = one.steps.findLast(({ outcome }) => outcome === "failed");
  const same = step !== undefined && step.file === failure?.file && step.line === failure.line;
  return same ? step.column : failure?.column ?? 1;
}

type Located = Pick<Failure, "file" | "line" | "column" | "source">;

/**
 * The place and the line of a failing step with a caret under the failing part, in the form of all messages. `column` is the
 * beginning of the step, for a source that is only the step.
 */
export function sourceExcerpt(failure: Located, column = failure.column): string {
  const { text, before, length } = marked(failure, column);
  const number = String(failure.line);
  const gutter = " ".repeat(number.length);
  return [
    `${gutter}--> ${visible(failure.file)}:${failure.line}:${failure.column}`,
    `${number} | ${text}`,
    `${gutter} | ${" ".repeat(before)}${"^".repeat(length)}`,
  ].join("\n");
}

/** The source line and the part to mark: the step's lane, arrow and packet, or the word at the place. */
export function marked(
  failure: Pick<Failure, "column" | "source">,
  column: number,
): { readonly text: string; readonly before: number; readonly length: number } {
  // A source with an indent is the whole line; one without is only the step.
  const origin = /^\s/.test(failure.source) ? 1 : column;
  const text = cut(visible(failure.source.trimEnd()), VALUE);
  const before = Math.min(Math.max(0, failure.column - origin), Math.max(0, text.length - 1));
  const rest = text.slice(before);
  const step = /^\S+ (?:->|<-) [^:]+/.exec(rest) ?? /^[^\s,{}[\]:]+/.exec(rest);
  return { text, before, length: Math.max(1, (step?.[0] ?? "").trimEnd().length) };
}

function indent(text: string): string {
  return text.split("\n").map((line) => line === "" ? line : `  ${line}`).join("\n");
}
