import type { GivenStep } from "../../suite/step/given.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Plays the steps; their failure says nothing about what the case tests. */
export const given: Player<GivenStep> = async ({ steps }, play, inner) => {
  try {
    await inner(steps, play);
  } catch (error) {
    if (!(error instanceof StepFailed) || error.problem.verdict !== undefined) throw error;
    // A limit that the target has announced makes it a skip, as in an opening.
    if (play.context.broken.impossible !== undefined) throw error;
    throw new StepFailed({
      ...error.problem,
      message: `A precondition of the case was not met: ${error.problem.message}`,
      verdict: "inconclusive",
    }, error.place);
  }
};
