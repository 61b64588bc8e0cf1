import type { SequenceStep } from "../../suite/step/sequence.ts";
import type { Player } from "../player.ts";

/** Plays the expectations of a sequence that stands outside of `all`, in their order. */
export const sequence: Player<SequenceStep> = (step, play, inner) => inner(step.steps, play);
