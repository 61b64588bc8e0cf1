import { pause } from "../../ground/wait.ts";
import { asDuration } from "../../spec/evaluate.ts";
import type { PollStep } from "../../suite/step/poll.ts";
import { waitOf } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Milliseconds between two rounds of a `poll` that says nothing of it. */
const EVERY_MS = 1_000;

/** Plays the steps until a round of them is met. Throws what the last round did not meet, once the time is over. */
export const poll: Player<PollStep> = async (step, play, inner) => {
  const { context } = play;
  const allMs = waitOf(step.within, context);
  const everyMs = step.every === undefined ? EVERY_MS : asDuration(step.every, context.scope);
  const until = performance.now() + allMs;
  for (;;) {
    const next = performance.now() + everyMs;
    try {
      const mostWithinMs = Math.max(1, until - performance.now());
      return await inner(step.steps, { ...play, context: { ...context, mostWithinMs } });
    } catch (error) {
      if (!(error instanceof StepFailed) || error.problem.verdict !== undefined) throw error;
      if (context.signal.aborted || Math.max(next, performance.now()) >= until) {
        throw new StepFailed({ ...error.problem, message: `${error.problem.message}, for ${allMs} ms` });
      }
      await play.party("dte").settle?.(everyMs);
      await pause(Math.max(0, next - performance.now()), context.signal);
    }
  }
};
