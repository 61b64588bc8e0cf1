import type { GivenStep } from "../../suite/step/given.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Plays the steps; what goes wrong in them says nothing of what the case is about. */
export const given: Player<GivenStep> = async ({ steps }, play, inner) => {
  try {
    await inner(steps, play);
  } catch (error) {
    if (!(error instanceof StepFailed) || error.problem.verdict !== undefined) throw error;
    // What the target has announced makes a skip of it, as in an opening.
    if (play.context.broken.impossible !== undefined) throw error;
    throw new StepFailed({
      ...error.problem,
      message: `What the case needs was not there: ${error.problem.message}`,
      verdict: "inconclusive",
    }, error.place);
  }
};
