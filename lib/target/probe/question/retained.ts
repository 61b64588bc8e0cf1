import { capacityOf } from "../../../suite/claim/capacities.ts";
import { announced, type Asking, connected, type Question, untilAll } from "../asking.ts";
import { type CapacityFinding, claimedUnless, limited, notClaimed, unknown, unlimited } from "../finding.ts";
import { type Message, published, type Taken } from "../publishing.ts";
import { cutAt } from "../cut.ts";

/** The share of retained messages that is checked first: one of this many. */
const ONE_OF = 25;

const FORBIDDEN = "CONNACK announces Retain Available 0";

/** Asks whether retained messages are accepted; the suites test whether they are delivered. */
export const RETAINED: Question = {
  about: "retained messages",
  async ask(asking) {
    if (announced(asking, "retainAvailable") === 0) return [notClaimed("retained", FORBIDDEN)];
    return [claimedUnless("retained", await refusesOne(asking), "a message with RETAIN 1 is not refused")];
  },
};

/** Asks how many retained messages are stored, checked by subscriptions without wildcards. */
export const RETAINED_MESSAGES: Question = {
  about: "how many retained messages",
  sends: "subscriptions",
  async ask(asking) {
    if (announced(asking, "retainAvailable") === 0) return [];
    // Another question would count what this one has stored.
    return await asking.store.take(() => askHowMany(asking));
  },
};

/** Returns how the broker refuses a message for its RETAIN, or undefined if it does not. */
async function refusesOne(asking: Asking): Promise<string | undefined> {
  const [retained, usual] = await Promise.all([true, false].map(async (retain) => {
    await using client = await connected(asking);
    // An empty message leaves nothing stored.
    const topic = `${asking.prefix}/${retain ? "kept" : "passing"}`;
    return (await published(asking, client, [{ topic, payload: "", retain }])).refusal;
  }));
  return retained !== undefined && usual === undefined
    ? `the broker ${retained} for a message with RETAIN 1`
    : undefined;
}

async function askHowMany(asking: Asking): Promise<readonly CapacityFinding[]> {
  const name = "retainedMessages";
  const most = capacityOf(name)?.most ?? 1;
  const topics = Array.from({ length: most }, (_, at) => `${asking.prefix}/k/${at}`);
  const messages = topics.map((topic): Message => ({ topic, payload: "m", retain: true }));
  try {
    await using pub = await connected(asking);
    const taken = await published(asking, pub, messages);
    return taken.count === 0 && taken.refusal !== undefined ? [] : [await found(asking, topics, taken)];
  } finally {
    await clear(asking, topics);
  }
}

async function found(asking: Asking, topics: readonly string[], taken: Taken): Promise<CapacityFinding> {
  const name = "retainedMessages";
  if (taken.late) return unknown(name, "not all messages were answered in time");
  const some = topics.filter((_, at) => at % ONE_OF === 0 || at === topics.length - 1);
  // A limit keeps the first or the last of them. Each subscription costs some brokers a millisecond.
  if (taken.refusal === undefined && (await keptAt(asking, some))?.size === some.length) {
    const how = `of ${topics.length} the first, the last and every ${ONE_OF}th between them are stored`;
    return unlimited(name, topics.length, how);
  }
  const keptTopics = await keptAt(asking, topics.slice(0, taken.count));
  if (!keptTopics) return unknown(name, "not all subscriptions to the topics were granted");
  const kept = new Set([...keptTopics].map((topic) => topics.indexOf(topic)));
  if (taken.refusal !== undefined && kept.size === taken.count && taken.count > 0) {
    return limited(name, taken.count, `after ${taken.count} messages the broker ${taken.refusal}`);
  }
  if (kept.size >= topics.length) return unlimited(name, kept.size, `all of ${topics.length} are stored`);
  if (cutAt(kept, topics.length) === undefined) {
    return unknown(name, `${kept.size} of ${topics.length} are stored, which is not a limit`);
  }
  return limited(name, kept.size, `${kept.size} of ${topics.length} are stored`);
}

/**
 * Subscribes to each topic by its own SUBSCRIBE. Returns the topics with a retained message, or undefined if
 * a subscription is refused.
 */
async function keptAt(asking: Asking, topics: readonly string[]): Promise<ReadonlySet<string> | undefined> {
  await using sub = await connected(asking);
  void sub.send(...topics.map((filter) => ({
    type: "SUBSCRIBE",
    packetId: sub.nextId(),
    subscriptions: [{ filter, qos: 0 }],
  } as const)));
  await untilAll(asking, sub, () => sub.count("SUBACK"), topics.length);
  await sub.quiet(asking.times.quietMs, topics.length);
  const codes = sub.answersOf("SUBACK").flatMap(({ reasons }) => reasons);
  if (codes.length < topics.length || codes.some((code) => code >= 0x80)) return undefined;
  return new Set(sub.messages.filter(({ retain }) => retain).map(({ topic }) => topic));
}

/**
 * Clears the retained messages. At QoS 0 no window delays it, and the close of the connection shows that all
 * were read.
 */
async function clear(asking: Asking, topics: readonly string[]): Promise<void> {
  await using client = await connected({ ...asking, signal: asking.outer });
  const drafts = topics.map((topic) => ({ type: "PUBLISH", topic, payload: "", retain: true } as const));
  void client.send(...drafts, { type: "DISCONNECT" });
  await client.until(() => client.ending !== undefined, asking.times.patienceMs);
}
