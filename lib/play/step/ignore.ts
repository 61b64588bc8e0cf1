import type { IgnoreStep } from "../../suite/step/ignore.ts";
import type { Player } from "../player.ts";

/** Makes the lane ignore arrivals that no step takes. */
export const ignore: Player<IgnoreStep> = ({ lane }, { party }) => party(lane).ignore();
