import { asNumber } from "../../spec/evaluate.ts";
import { isStep } from "../../suite/step/step.ts";
import { MOST_TIMES, type RepeatStep } from "../../suite/step/repeat.ts";
import type { Play, Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/**
 * Plays the steps several times, one round after the other or some in parallel, and counts the rounds in a
 * variable.
 */
export const repeat: Player<RepeatStep> = async (step, play, inner) => {
  const { scope, signal } = play.context;
  const times = asNumber(step.times, scope);
  if (!Number.isInteger(times) || times < 0 || times > MOST_TIMES) {
    throw new StepFailed({
      message: `A step cannot be repeated ${times} times; 0 to ${MOST_TIMES} are possible`,
      verdict: "error",
    });
  }
  const atOnce = roundsAtOnce(step, play);
  for (let first = 1; first <= times; first += atOnce) {
    const rounds = Array.from({ length: Math.min(atOnce, times - first + 1) }, (_, index) => first + index);
    for (const part of atOnce === 1 ? [step.steps] : step.steps.map((one) => [one])) {
      for (const round of rounds) {
        signal.throwIfAborted();
        if (step.as !== undefined) scope.set(step.as, round);
        await inner(part, play);
      }
    }
  }
};

/** Returns how many rounds run in parallel: at most as many as the far end announces that it accepts. */
function roundsAtOnce({ atOnce = 1, steps }: RepeatStep, play: Play): number {
  if (atOnce === 1) return 1;
  const most = steps.filter(isStep).map((one) =>
    one.kind === "send" ? play.party(one.lane).receiveMaximum : undefined
  );
  return Math.min(atOnce, ...most.filter((each) => each !== undefined));
}
