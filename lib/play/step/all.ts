import type { AllStep } from "../../suite/step/all.ts";
import { type ExpectStep, isExpect } from "../../suite/step/expect.ts";
import type { StepBase } from "../../suite/step/verb.ts";
import { takeAll } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Takes what comes for each expectation, in any order; those of a list in their own. */
export const all: Player<AllStep> = async (step, play) =>
  void await takeAll(step.steps.map((each) => inOrder(each).map(expectation)), play);

/** The steps of a list, or the one step that is no list. */
export function inOrder(step: StepBase): readonly StepBase[] {
  return "steps" in step && Array.isArray(step.steps) ? step.steps : [step];
}

function expectation(step: StepBase): ExpectStep {
  if (isExpect(step)) return step;
  throw new StepFailed(
    { message: `Only expectations stand in "all", not "${step.source}"`, verdict: "error" },
    step.place,
  );
}
