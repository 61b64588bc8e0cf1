import { TransportError } from "../../transport/error.ts";
import { type Asking, connected, type ProbeTimes, publishQos, timesFor } from "./asking.ts";
import { filtersFor, subscribed } from "./subscribing.ts";

/** The number of messages sent together, at topics that end in a digit each. */
const MESSAGES = 8;
/** The assumed spread if not all messages come, in milliseconds. */
const UNSEEN_SPREAD_MS = 70;
/** The longest time of a message for which the round trip is no measure, in milliseconds. */
const LATEST_MS = 500;

/**
 * Measures the timeouts for one protocol of a broker, starting from the round trip of CONNECT alone: sends
 * messages to a subscriber, and derives the timeouts from their delay and spread.
 */
export async function measuredTimes(asking: Asking, roundTripMs: number): Promise<ProbeTimes> {
  try {
    const came = await arrivals(asking, roundTripMs);
    const [first = 0, last = 0] = [came[0], came.at(-1)];
    const spreadMs = came.length < MESSAGES ? UNSEEN_SPREAD_MS : last - first;
    return timesFor(Math.max(roundTripMs, first), spreadMs);
  } catch (error) {
    if (!(error instanceof TransportError) && !asking.signal.aborted) throw error;
    return timesFor(roundTripMs, UNSEEN_SPREAD_MS);
  }
}

/** Returns when the messages came, in milliseconds after they were sent. */
async function arrivals(asking: Asking, roundTripMs: number): Promise<readonly number[]> {
  const [sub, pub] = await Promise.all([connected(asking), connected(asking)]);
  await using _ = sub;
  await using __ = pub;
  const root = `${asking.prefix}/m`;
  const names = Array.from({ length: MESSAGES }, (_, at) => String(at));
  await subscribed(asking, sub, filtersFor(asking, root, names), 1);
  const begin = performance.now();
  void pub.send(...names.map((name, at) => {
    const topic = `${root}/${name}`;
    // Some brokers let messages of one QoS overtake those of another.
    return at % 2 === 0 || publishQos(asking) === 0
      ? { type: "PUBLISH", topic, payload: "m" } as const
      : { type: "PUBLISH", qos: 1, packetId: pub.nextId(), topic, payload: "m" } as const;
  }));
  const came: number[] = [];
  const withinMs = LATEST_MS + 4 * roundTripMs;
  while (came.length < MESSAGES && await sub.until(() => sub.messages.length > came.length, withinMs)) {
    const now = performance.now() - begin;
    while (came.length < sub.messages.length) came.push(now);
  }
  return came;
}
