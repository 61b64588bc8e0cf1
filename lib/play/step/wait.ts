import { pause } from "../../ground/wait.ts";
import { asDuration } from "../../spec/evaluate.ts";
import type { WaitStep } from "../../suite/step/wait.ts";
import type { Player } from "../player.ts";

/** Waits for the given time. */
export const wait: Player<WaitStep> = ({ duration }, { context }) =>
  pause(context.time.pauseMs(asDuration(duration, context.scope)), context.signal);
