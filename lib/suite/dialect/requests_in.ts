import type { OperationSent } from "../step/sent.ts";
import type { SendStep } from "../step/send.ts";
import { eachStep } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";

/** Whether a step sends something. */
export function isSend(step: StepBase): step is SendStep {
  return step.kind === "send";
}

/** The request that a step makes. */
export function requestOf(step: StepBase): OperationSent | undefined {
  return isSend(step) && step.send.kind === "operation" ? step.send : undefined;
}

/** All requests of steps and of the steps in them. */
export function requestsIn(steps: readonly StepBase[]): readonly OperationSent[] {
  return [...eachStep(steps)].flatMap((step) => requestOf(step) ?? []);
}
