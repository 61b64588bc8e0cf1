import { capacityOf } from "../../../suite/claim/capacities.ts";
import { TransportError } from "../../../transport/error.ts";
import { type Asking, connected, isAccepted, type Question } from "../asking.ts";
import { comesThrough, type Through, type Tried } from "../comes_through.ts";
import { unknown, unlimited, wentDown } from "../finding.ts";
import { amount, packetLimit } from "./delivered.ts";

/** So many levels are tried one after the other: some brokers call themselves for each level, and end where that is too deep. */
const STEPS: readonly number[] = [100, 1_000];

/** How many levels a topic may have. It is asked last, and tells what was sent last to a broker that goes down. */
export const TOPIC_LEVELS: Question = {
  about: "topic levels",
  sends: "levels",
  async ask(asking) {
    const name = "topicLevels";
    const most = Math.min(capacityOf(name)?.most ?? 1, Math.floor((packetLimit(asking) - 40) / 2));
    let works = 0;
    for (const levels of [...STEPS.filter((step) => step < most), most]) {
      const { arrives, how } = await through(asking, levels);
      if (arrives === true) {
        works = levels;
        continue;
      }
      if (!await lives(asking)) return [wentDown(name, works, `with ${levels} levels the broker goes down`)];
      if (arrives === undefined) return [unknown(name, how === "" ? "nothing tells" : how)];
      return [await amount(asking, name, levels, "both", tried)];
    }
    return [unlimited(name, works, `a message with ${works} levels is delivered`)];
  },
};

async function through(asking: Asking, levels: number): Promise<Through> {
  const root = `${asking.prefix}/t${asking.nextNumber().toString(36)}`;
  try {
    return await comesThrough(asking, root, tried(levels, root), "both");
  } catch (error) {
    if (error instanceof TransportError) return { arrives: undefined, how: "" };
    throw error;
  }
}

function tried(levels: number, root: string): Tried {
  return { topic: root + "/l".repeat(Math.max(1, levels - root.split("/").length)), bytes: 0 };
}

/** Whether the broker still takes connections. */
async function lives(asking: Asking): Promise<boolean> {
  try {
    await using client = await connected(asking);
    return isAccepted(client) !== undefined;
  } catch (error) {
    if (error instanceof TransportError) return asking.signal.aborted;
    throw error;
  }
}
