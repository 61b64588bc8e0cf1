import type { RestartStep } from "../../suite/step/restart.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Stops the target and starts it again. */
export const restart: Player<RestartStep> = (_step, play) => {
  if (play.restart) return play.restart();
  throw new StepFailed({ message: "This target cannot be restarted", verdict: "error" });
};
