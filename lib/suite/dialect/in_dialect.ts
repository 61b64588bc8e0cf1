import { substitute, type Value } from "../../spec/value.ts";
import type { Operations } from "./dialect_operations.ts";
import type { Case, Fields, Outcome, Send, Step } from "../file/model.ts";
import { eachStep, rewriteOutcome, rewriteStep } from "../step/walk.ts";

/** A case of operations in the commands of one dialect, or the operation that the dialect does not have. */
export type Performed = { readonly case: Case; readonly missing?: undefined } | { readonly missing: string };

/** Whether a step is said in operations, so that it needs a dialect to be run. */
export function usesOperations(steps: Iterable<Step>): boolean {
  for (const step of steps) if (operationsIn(step).length > 0) return true;
  return false;
}

/** Puts the commands of a dialect in the place of a case's operations. Cases without operations are given back as they are. */
export function perform(one: Case, operations: Operations): Performed {
  if (!usesOperations(eachStep(one.steps))) return { case: one };
  for (const step of eachStep(one.steps)) {
    const missing = operationsIn(step).find((name) => !operations.has(name));
    if (missing !== undefined) return { missing };
  }
  return { case: { ...one, steps: performSteps(one.steps, operations) } };
}

/** The operations that a step itself names. */
export function operationsIn(step: Step): readonly string[] {
  if (step.kind === "send") return step.send.kind === "operation" ? [step.send.name] : [];
  if (step.kind !== "expect") return [];
  return step.outcomes.flatMap((outcome) => outcome.kind === "operation" ? [outcome.name] : []);
}

function performSteps(steps: readonly Step[], operations: Operations): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    switch (step.kind) {
      case "send":
        return step.send.kind === "operation" ? request(step, step.send, operations) : [step];
      case "expect":
        return [{ ...step, outcomes: step.outcomes.flatMap((outcome) => indication(outcome, operations)) }];
      case "all":
      case "repeat":
      case "poll":
      case "attempt":
        return [{ ...step, steps: performSteps(step.steps, operations) }];
      default:
        return [step];
    }
  });
}

type Operation = Extract<Send, { kind: "operation" }>;

/** The steps of the request at the place of the case's own, with both lines of source. */
function request(step: Step, { name, fields, attempt }: Operation, operations: Operations): readonly Step[] {
  const steps = (operations.get(name) ?? []).map((each) => {
    const { opening: _, ...rewritten } = rewriteStep(each, {
      value: filledFrom(fields),
      lane: (lane) => lane,
      opening: "",
    });
    return {
      ...rewritten,
      place: step.place,
      source: `${step.source} · ${each.source}`,
      ...(step.opening === undefined ? {} : { opening: step.opening }),
    };
  });
  const [first] = steps;
  return attempt && first ? [{ ...first, kind: "attempt", source: step.source, steps }] : steps;
}

function indication(outcome: Outcome, operations: Operations): readonly Outcome[] {
  if (outcome.kind !== "operation") return [outcome];
  const [only] = operations.get(outcome.name) ?? [];
  if (only?.kind !== "expect") return [];
  return only.outcomes.map((each) => ({
    ...rewriteOutcome(each, filledFrom(outcome.fields)),
    place: outcome.place,
  }));
}

function filledFrom(fields: Fields): (value: Value) => Value {
  const given = new Map(fields);
  return (value) =>
    substitute(value, ([name = "", ...rest]) => rest.length === 0 ? given.get(name) : undefined);
}
