import { capacityOf } from "../../../suite/claim/capacities.ts";
import { TransportError } from "../../../transport/error.ts";
import { connected, type Question } from "../asking.ts";
import { comesThrough, type Tried } from "../comes_through.ts";
import { unknown, unlimited, wentDown } from "../finding.ts";
import { amount, packetLimit } from "./delivered.ts";

/**
 * The numbers of levels to try one after the other: some brokers recurse for each level, and crash if that is
 * too deep.
 */
const STEPS: readonly number[] = [100, 1_000];

/**
 * Asks how many levels a topic may have. It comes last, and reports what was sent last to a broker that goes
 * down. All protocols take its steps together, so the result is the same in all of them.
 */
export const TOPIC_LEVELS: Question = {
  about: "topic levels",
  sends: "levels",
  async ask(asking) {
    const name = "topicLevels";
    const most = Math.min(capacityOf(name)?.most ?? 1, Math.floor((packetLimit(asking) - 40) / 2));
    // Its connection closes with the broker, even if the broker is restarted at once.
    await using watcher = await connected(asking);
    const down = () => watcher.ending !== undefined && !asking.signal.aborted;
    let works = 0;
    for (const levels of [...STEPS.filter((step) => step < most), most]) {
      const felled = () => [wentDown(name, works, `with ${levels} levels the broker goes down`)];
      try {
        const root = `${asking.prefix}/t${asking.nextNumber().toString(36)}`;
        const { arrives, how } = await comesThrough(asking, root, tried(levels, root), "both");
        if (await asking.steps.next(down())) return felled();
        if (arrives === undefined) return [unknown(name, how === "" ? "no answer shows it" : how)];
        if (!arrives) {
          const found = await amount(asking, name, levels, "both", tried);
          return down() ? felled() : [found];
        }
      } catch (error) {
        if (!(error instanceof TransportError) || asking.signal.aborted) throw error;
        await asking.steps.next(true);
        return felled();
      }
      works = levels;
    }
    return [unlimited(name, works, `a message with ${works} levels is delivered`)];
  },
};

function tried(levels: number, root: string): Tried {
  return { topic: root + "/l".repeat(Math.max(1, levels - root.split("/").length)), bytes: 0 };
}
