import { layOut } from "../plan/lay_out.ts";
import { checkWarmUp, requireKey, requireRates } from "./checks.ts";
import type { Executor } from "./executor.ts";
import { followStages } from "./follow_stages.ts";

const NAME = "arrival-rate";

/**
 * Sends messages by a schedule, an open loop: the stages alone determine the time of each message, and a slow broker does not
 * slow the schedule down.
 */
export const arrivalRate: Executor = {
  name: NAME,
  about: "messages follow a schedule",
  read: (keys, report) => (outline) => {
    requireKey(NAME, "stages", keys, report);
    requireRates(outline, keys, report);
    checkWarmUp(outline, keys, report);
    const { stages } = outline;
    return {
      name: NAME,
      loop: "open",
      knownRate: true,
      trials: false,
      layOut: (fullRate, clients) => layOut(stages, fullRate, clients),
      async drive(load) {
        const startMs = await load.begin(load.warmUpMs);
        await followStages(stages, startMs, load);
      },
    };
  },
};
