import { pause } from "../../ground/wait.ts";
import { asDuration } from "../../spec/evaluate.ts";
import type { PollStep } from "../../suite/step/poll.ts";
import { waitOf } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** The default interval between two rounds of a `poll` in milliseconds. */
const EVERY_MS = 1_000;

/** Plays the steps until a round of them matches. After the timeout throws the failure of the last round. */
export const poll: Player<PollStep> = async (step, play, inner) => {
  const { context } = play;
  const allMs = waitOf(step.within, context);
  const everyMs = step.every === undefined ? EVERY_MS : asDuration(step.every, context.scope);
  const until = performance.now() + allMs;
  const over = () => performance.now() >= until;
  const ended = ({ problem }: StepFailed) =>
    new StepFailed({ ...problem, message: `${problem.message}, for ${allMs} ms` });
  let before: StepFailed | undefined;
  for (;;) {
    const next = performance.now() + everyMs;
    try {
      const mostWithinMs = Math.max(1, until - performance.now());
      return await inner(step.steps, { ...play, context: { ...context, mostWithinMs } });
    } catch (error) {
      if (!(error instanceof StepFailed) || error.problem.verdict !== undefined) throw error;
      // A round cut short by the timeout fails only for lack of time; the round before says more.
      if (over() && error.problem.missing && before) throw ended(before);
      if (context.signal.aborted || over() || next >= until) throw ended(error);
      before = error;
      await play.party("dte").settle?.(everyMs);
      await pause(Math.max(0, next - performance.now()), context.signal);
      if (over()) throw ended(before);
    }
  }
};
