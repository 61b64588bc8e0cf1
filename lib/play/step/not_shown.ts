import type { NotShownStep } from "../../suite/step/not_shown.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Ends the case without a verdict: the target did nothing that could be judged. */
export const notShown: Player<NotShownStep> = ({ why }) => {
  throw new StepFailed({ message: `not shown: ${why}`, verdict: "skip" });
};
