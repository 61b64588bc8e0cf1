import type { ExpectStep } from "../../suite/step/expect.ts";
import { takeAll } from "../arrivals.ts";
import type { Player } from "../player.ts";

/** Takes the next arrival on the lane. */
export const expect: Player<ExpectStep> = async (step, play) => void await takeAll([[step]], play);
