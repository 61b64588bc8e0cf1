import type { NothingStep } from "../../suite/step/nothing.ts";
import { waitOf } from "../arrivals.ts";
import type { Player } from "../player.ts";

/** Proves that nothing more comes on the lane. */
export const nothing: Player<NothingStep> = ({ lane, within }, { context, party }) =>
  party(lane).nothing(within && waitOf(within, context));
