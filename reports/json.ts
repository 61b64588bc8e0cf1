import { plainJson } from "../lib/ground/text.ts";
import { type Finding, findingsOf } from "../lib/run/findings.ts";
import { reasonOf } from "./failure_text.ts";
import type { StepEnded } from "../lib/run/event.ts";
import type { CaseResult, RunResult } from "../lib/run/result.ts";

/** The content of `result.json`: the result without the charts, which are in the journal. */
export function renderJson(result: RunResult): string {
  const content = {
    ...result,
    findings: findingsOf(result.cases).map(findingRecord),
    cases: result.cases.map(caseRecord),
  };
  return plainJson(JSON.stringify(content, wellFormed, 2)) + "\n";
}

/** A finding that refers to its case runs by their `n` in `cases`. */
function findingRecord({ example, cases, ...rest }: Finding): Record<string, unknown> {
  return { ...rest, reason: reasonOf(example), example: example.n, cases: cases.map(({ n }) => n) };
}

// JSON allows an escaped half of a surrogate pair, but strict readers reject the whole file because of it.
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

function caseRecord(one: CaseResult): Record<string, unknown> {
  const { chart: _, steps, ...rest } = one;
  return { ...rest, steps: steps.map(stepRecord) };
}

function stepRecord({ kind: _, n: _n, ...step }: StepEnded): Record<string, unknown> {
  return step;
}
