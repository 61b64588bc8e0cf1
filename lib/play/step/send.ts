import type { SendStep } from "../../suite/step/send.ts";
import type { Player } from "../player.ts";

/** Makes the lane's party send. */
export const send: Player<SendStep> = (step, { party }) => party(step.lane).send(step.send);
