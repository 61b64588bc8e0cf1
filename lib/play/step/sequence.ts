import type { SequenceStep } from "../../suite/step/sequence.ts";
import type { Player } from "../player.ts";

/** Plays the expectations of a sequence outside of `all`, in order. */
export const sequence: Player<SequenceStep> = (step, play, inner) => inner(step.steps, play);
