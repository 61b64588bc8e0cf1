import { layOut } from "../plan/lay_out.ts";
import { checkWarmUp, refuseModule, requireKey } from "./checks.ts";
import type { Executor } from "./executor.ts";
import { followStages } from "./follow_stages.ts";

const NAME = "closed-loop";

/**
 * Sends as fast as the broker answers: a client sends its next message as soon as its window has room. Nothing is
 * scheduled; the stages say how long this lasts, and how many clients are connected.
 */
export const closedLoop: Executor = {
  name: NAME,
  about: "as fast as the window allows",
  read: (keys, report) => (outline) => {
    refuseModule(NAME, keys, report);
    requireKey(NAME, "stages", keys, report);
    checkWarmUp(outline, keys, report);
    const { stages } = outline;
    return {
      name: NAME,
      loop: "closed",
      knownRate: false,
      trials: false,
      layOut: (fullRate, clients) => layOut(stages, fullRate, clients),
      async drive(load) {
        const startMs = await load.begin(load.warmUpMs);
        load.workers.run(true);
        await followStages(stages, startMs, load);
        load.workers.run(false);
      },
    };
  },
};
