import { substitute } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";
import type { Case } from "../file/model.ts";
import { eachStep, isStep, operationsIn, rewriteStep, type Step, stepsInDialect } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";
import type { Operations } from "./dialect_operations.ts";

/**
 * A case with its operations replaced by the commands of one dialect, or the operation that the dialect
 * lacks.
 */
export type InDialect =
  | { readonly case: Case; readonly missing?: undefined }
  | { readonly missing: string };

/** Whether a step uses operations and therefore needs a dialect. */
export function usesOperations(steps: Iterable<Step>): boolean {
  for (const step of steps) if (operationsIn(step).length > 0) return true;
  return false;
}

/**
 * Replaces a case's operations with the commands of a dialect. A case without operations is returned
 * unchanged.
 */
export function inDialect(one: Case, operations: Operations): InDialect {
  if (!usesOperations(eachStep(one.steps))) return { case: one };
  for (const step of eachStep(one.steps)) {
    const missing = operationsIn(step).find((name) => !operations.has(name));
    if (missing !== undefined) return { missing };
  }
  const dialect = { steps: (name: string, fields: Fields) => filledIn(operations.get(name) ?? [], fields) };
  return { case: { ...one, steps: stepsInDialect(one.steps, dialect).filter(isStep) } };
}

/** The steps of an operation with its variables replaced by the fields. */
function filledIn(steps: readonly Step[], fields: Fields): readonly StepBase[] {
  const given = new Map(fields);
  return steps.map((step) =>
    rewriteStep(step, {
      value: (value) =>
        substitute(value, ([name = "", ...rest]) => rest.length === 0 ? given.get(name) : undefined),
    })
  );
}
