import type { BranchStep } from "../../suite/step/branch.ts";
import { isExpect } from "../../suite/step/expect.ts";
import { takeFirst } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";
import { inOrder } from "./all.ts";

/** Plays the list whose first expectation is met by what comes. */
export const branch: Player<BranchStep> = async (step, play, inner) => {
  const lists = step.steps.map(inOrder);
  const heads = lists.flatMap(([first]) => first && isExpect(first) ? [first] : []);
  if (heads.length < lists.length) {
    throw new StepFailed(
      { message: 'Each list in "branch" begins with an expectation', verdict: "error" },
      step.place,
    );
  }
  await inner(lists[await takeFirst(heads, play)]?.slice(1) ?? [], play);
};
