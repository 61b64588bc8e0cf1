import type { Failure } from "../lib/run/event.ts";
import type { CaseResult } from "../lib/run/result.ts";
import type { Standing } from "../lib/run/standing.ts";
import { chartText } from "./chart_text.ts";
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

/** The sentence that says why a case has its standing; empty for a pass without a remark. */
export function reasonOf(one: CaseResult): string {
  if (one.standing === "unexpected-pass") {
    return `It passes, and is listed as ${one.expected?.verdict ?? "a deviation"}: ${
      one.expected?.reason ?? ""
    }. Take it off the list`;
  }
  const own = one.reason ?? (one.standing === "pass" ? "" : one.failure?.message ?? "");
  if (one.standing !== "expected-fail") return own;
  return `${own === "" ? "" : own + ". "}Known deviation: ${one.expected?.reason ?? ""}`;
}

/**
 * All that a reader needs who has only this text: what broke, the clauses, the step's place and source, what was
 * expected and what came, the variables, and the last lines of the sequence chart. The terminal, JUnit and the HTML
 * report show the same. No escape sequences, no newline at the end.
 */
export function failureText(one: CaseResult, options: { readonly chartLines?: number } = {}): string {
  // A missed SHOULD passes and has a failure all the same.
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
  for (const { clause, text } of failure.clauses) parts.push(`  ${visible(clause)}  ${visible(text)}`);
  if (failure.expected !== undefined) parts.push(`  expected  ${cut(visible(failure.expected), VALUE)}`);
  if (failure.got !== undefined) parts.push(`  got       ${cut(visible(failure.got), VALUE)}`);
  if (failure.hex !== undefined) parts.push(`            ${spacedHex(failure.hex, 64)}`);
  for (const [name, value] of Object.entries(failure.variables)) {
    parts.push(`  with      $${visible(name)} = ${cut(visible(value), VALUE)}`);
  }
  return parts;
}

const VALUE = 400;

/** The column at which the failing step begins, which may stand before the place of the failure. */
export function stepColumn(one: Pick<CaseResult, "steps" | "failure">): number {
  const { failure } = one;
  const step = one.steps.findLast(({ outcome }) => outcome === "failed");
  const same = step !== undefined && step.file === failure?.file && step.line === failure.line;
  return same ? step.column : failure?.column ?? 1;
}

type Located = Pick<Failure, "file" | "line" | "column" | "source">;

/**
 * The place and the line of a failing step with a caret under what was meant, in the form of all our messages.
 * `column` is that of the step's beginning, where the source is the step alone.
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

/** The source line, and which part of it is meant: the step's lane, arrow and packet, or the word at the place. */
export function marked(
  failure: Pick<Failure, "column" | "source">,
  column: number,
): { readonly text: string; readonly before: number; readonly length: number } {
  // A line with its indent is the whole line; one without is the step alone.
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
