import type { Case } from "../file/model.ts";
import { eachStep, innerSteps, isStep, operationsIn, type Step, verbOf } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";

/** A case in a form that drives a client library, or why there is none. */
export type ForClients =
  | { readonly case: Case; readonly missing?: undefined }
  | { readonly missing: string };

/** Requests to a module and reports of a module that have no counterpart in a library. */
const OF_MODULES: ReadonlyMap<string, string> = new Map([
  ["close", "closes its connection only with DISCONNECT"],
  ["closed", "closes its connection only with DISCONNECT"],
  ["notOpened", "opens its connection when it connects"],
  ["publishTyped", "is given a message whole"],
  ["publishCounted", "is given a message whole"],
  ["cancelPublish", "is given a message whole"],
  ["setTimeout", "has time limits of its own, which a case can't set"],
  ["retried", "does not report that it sends a packet again"],
]);

/**
 * A case of operations for a client library, which opens its connection and sends CONNECT in one: the opening of the
 * connection goes, and what the broker sees of it comes with `connect`. A case that needs something between the two, or
 * has an operation of modules alone, can't be run.
 */
export function forClients(one: Case): ForClients {
  for (const step of eachStep(one.steps)) {
    for (const name of operationsIn(step)) {
      const why = OF_MODULES.get(name);
      if (why !== undefined) return { missing: `A client library ${why}` };
    }
  }
  const steps = connectingInOne(one.steps);
  if (!steps) return { missing: "A client library opens its connection and sends CONNECT in one step" };
  return { case: { ...one, steps: steps.filter(isStep) } };
}

/** The steps without those that open a connection ahead of CONNECT; undefined if something else comes between. */
function connectingInOne(steps: readonly StepBase[]): readonly StepBase[] | undefined {
  const kept: StepBase[] = [];
  let opening = false;
  for (const step of steps) {
    if (names(step, "open")) {
      opening = true;
      continue;
    }
    if (!opening) {
      const inner = innerSteps(step);
      if (inner.some((each) => names(each, "open"))) return undefined;
      kept.push(step);
      continue;
    }
    if (names(step, "opened") || sees(step, "opened")) continue;
    if (names(step, "connect")) opening = false;
    // A step that acts on a connection without a CONNECT.
    else if (isStep(step) && (step.kind === "drop" || acts(step))) return undefined;
    kept.push(step);
  }
  return opening ? undefined : kept;
}

function names(step: StepBase, operation: string): boolean {
  return operationsIn(step).includes(operation) && (step.kind === "send" || step.kind === "expect");
}

function sees(step: StepBase, kind: string): boolean {
  return isStep(step) && step.kind === "expect" && step.outcomes.every((outcome) => outcome.kind === kind);
}

/** Whether the broker sends. */
function acts(step: Step): boolean {
  return step.kind === "send" && step.lane === "broker" && verbOf(step).connects === true;
}
