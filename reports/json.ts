import { plainJson } from "../lib/ground/text.ts";
import type { StepEnded } from "../lib/run/event.ts";
import type { CaseResult, RunResult } from "../lib/run/result.ts";

/** The content of `result.json`: the result without the charts, which the journal holds. */
export function renderJson(result: RunResult): string {
  return plainJson(JSON.stringify({ ...result, cases: result.cases.map(caseRecord) }, wellFormed, 2)) + "\n";
}

// Half of a surrogate pair may stand in a JSON text by its escape, but strict readers refuse the whole file for it.
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
