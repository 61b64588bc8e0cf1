import type { AllStep } from "../../suite/step/all.ts";
import { type ExpectStep, isExpect } from "../../suite/step/expect.ts";
import type { StepBase } from "../../suite/step/verb.ts";
import { takeAll } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Takes an arrival for each expectation, in any order; those of a list in their own order. */
export const all: Player<AllStep> = async (step, play) =>
  void await takeAll(step.steps.map((each) => inOrder(each).map(expectation)), play);

/** Returns the steps of a list, or a single step as a list. */
export function inOrder(step: StepBase): readonly StepBase[] {
  return "steps" in step && Array.isArray(step.steps) ? step.steps : [step];
}

function expectation(step: StepBase): ExpectStep {
  if (isExpect(step)) return step;
  throw new StepFailed(
    { message: `Only expectations are allowed in "all", found "${step.source}"`, verdict: "error" },
    step.place,
  );
}
