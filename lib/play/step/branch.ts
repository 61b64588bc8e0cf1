import { type BranchStep, isSilence } from "../../suite/step/branch.ts";
import { type ExpectStep, isExpect } from "../../suite/step/expect.ts";
import { takeFirst, waitOf } from "../arrivals.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";
import { inOrder } from "./all.ts";

/** Plays the list whose first expectation matches the arrival, or the list that starts with silence if nothing arrives. */
export const branch: Player<BranchStep> = async (step, play, inner) => {
  const lists = step.steps.map(inOrder);
  const silence = lists.find(([first]) => first && isSilence(first));
  const expecting = lists.filter((list) => list !== silence);
  const heads = expecting.flatMap(([first]): ExpectStep[] => first && isExpect(first) ? [first] : []);
  if (heads.length < expecting.length) {
    throw new StepFailed(
      { message: 'Each list in "branch" must start with an expectation', verdict: "error" },
      step.place,
    );
  }
  const [quiet] = silence ?? [];
  if (quiet && isSilence(quiet)) {
    const { context, party } = play;
    const comes = await party(quiet.lane).comes?.(waitOf(quiet.within, context), context.signal) ?? true;
    if (!comes) {
      return await inner(silence?.slice(1) ?? [], play);
    }
  }
  await inner(expecting[await takeFirst(heads, play)]?.slice(1) ?? [], play);
};
