import type { ResultArg } from "../../at/result.ts";
import type { DteArrival } from "../../link/dte.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";
import { mismatch } from "../../suite/field/compare.ts";
import type { Outcome } from "../../suite/step/outcome.ts";

/** One way to read an arrival. */
export interface Reading {
  readonly line: DteArrival;
  /** The reports that follow it in this reading. */
  readonly reports: readonly { readonly prefix: string; readonly text: string }[];
}

/** Returns all ways to read an arrival, the longest first. */
export function readings(arrival: DteArrival): readonly Reading[] {
  const shorter = arrival.kind === "result" ? arrival.shorter ?? [] : [];
  const whole: Reading = { line: arrival, reports: [] };
  return [
    whole,
    ...shorter.map(({ reports, ...line }): Reading => ({ line: { ...arrival, ...line }, reports })).reverse(),
  ];
}

/**
 * Returns undefined if the line matches, an empty text if it is another kind of line, otherwise the
 * difference.
 */
export function arrivalMismatch(outcome: Outcome, arrival: DteArrival, scope: Scope): string | undefined {
  switch (outcome.kind) {
    case "prompt":
      return arrival.kind === "prompt" ? undefined : "";
    case "final":
      if (arrival.kind !== "final" || arrival.final !== outcome.text) return "";
      return argsMismatch(outcome.text, outcome.args, arrival.args, scope);
    case "result":
      if (arrival.kind !== "result" || arrival.prefix !== outcome.prefix) return "";
      return outcome.args && argsMismatch(outcome.prefix, outcome.args, arrival.args, scope);
    case "line": {
      if (arrival.kind === "prompt" || arrival.kind === "overflow" || arrival.kind === "closed") return "";
      const problem = mismatch(outcome.text, arrival.text, scope);
      return problem === undefined ? undefined : `the line ${problem}`;
    }
    default:
      return "";
  }
}

function argsMismatch(
  prefix: string,
  expected: readonly Value[],
  args: readonly ResultArg[],
  scope: Scope,
): string | undefined {
  // The error code is optional in an expectation.
  if (expected.length === 0 && prefix.endsWith("ERROR")) return undefined;
  for (const [index, value] of expected.entries()) {
    const arg = args[index];
    const problem = mismatch(value, arg && argData(arg), scope);
    const unquoted = problem !== undefined && arg?.unquoted;
    if (unquoted && mismatch(value, textData(unquoted), scope) === undefined) continue;
    if (problem !== undefined) return `${prefix} has a parameter ${index + 1} that ${problem}`;
  }
  if (args.length <= expected.length) return undefined;
  return `${prefix} has ${args.length} parameters, expected ${expected.length}`;
}

/** Converts a parameter to data: a number, text, or bytes if it is not text. */
export function argData(arg: ResultArg): Data {
  if (arg.kind === "number" && arg.value !== undefined) return arg.value;
  return textData(arg);
}

function textData({ text, bytes }: Pick<ResultArg, "text" | "bytes">): Data {
  return text.includes("\ufffd") ? bytes : text;
}

/** Converts an arrival to data for `as:`. */
export function captured(arrival: DteArrival): Data {
  if (arrival.kind === "final" || arrival.kind === "result") {
    return {
      type: arrival.kind === "final" ? arrival.final : arrival.prefix,
      ...arrival.args.map(argData),
      text: arrival.text,
    };
  }
  return { type: arrival.kind, ...("text" in arrival ? { text: arrival.text } : {}) };
}
