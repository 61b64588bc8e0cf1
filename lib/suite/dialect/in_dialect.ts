import { substitute } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";
import type { Case } from "../file/model.ts";
import { eachStep, isStep, operationsIn, rewriteStep, type Step, stepsInDialect } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";
import type { Operations } from "./dialect_operations.ts";

/** A case of operations in the commands of one dialect, or the operation that the dialect does not have. */
export type InDialect =
  | { readonly case: Case; readonly missing?: undefined }
  | { readonly missing: string };

/** Whether a step is said in operations, so that it needs a dialect to be run. */
export function usesOperations(steps: Iterable<Step>): boolean {
  for (const step of steps) if (operationsIn(step).length > 0) return true;
  return false;
}

/** Puts the commands of a dialect in the place of a case's operations. Cases without operations are given back as they are. */
export function inDialect(one: Case, operations: Operations): InDialect {
  if (!usesOperations(eachStep(one.steps))) return { case: one };
  for (const step of eachStep(one.steps)) {
    const missing = operationsIn(step).find((name) => !operations.has(name));
    if (missing !== undefined) return { missing };
  }
  const dialect = { steps: (name: string, fields: Fields) => filledIn(operations.get(name) ?? [], fields) };
  return { case: { ...one, steps: stepsInDialect(one.steps, dialect).filter(isStep) } };
}

/** The steps of an operation with its fields in the place of their variables. */
function filledIn(steps: readonly Step[], fields: Fields): readonly StepBase[] {
  const given = new Map(fields);
  return steps.map((step) =>
    rewriteStep(step, {
      value: (value) =>
        substitute(value, ([name = "", ...rest]) => rest.length === 0 ? given.get(name) : undefined),
    })
  );
}
