import type { ExpectStep } from "../../suite/step/expect.ts";
import { takeAll } from "../arrivals.ts";
import type { Player } from "../player.ts";

/** Takes what comes on the lane. */
export const expect: Player<ExpectStep> = async (step, play) => void await takeAll([[step]], play);
