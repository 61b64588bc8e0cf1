import { asDuration } from "../../spec/evaluate.ts";
import type { NothingStep } from "../../suite/step/nothing.ts";
import type { Player } from "../player.ts";

/** Proves that nothing more comes on the lane. */
export const nothing: Player<NothingStep> = ({ lane, within }, { context, party }) =>
  party(lane).nothing(within && asDuration(within, context.scope));
