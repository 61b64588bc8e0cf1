import { type Asking, connected } from "./asking.ts";
import type { ProbeClient } from "./probe_client.ts";
import { published } from "./publishing.ts";
import { filtersFor, subscribed } from "./subscribing.ts";

/** A message to try. */
export interface Tried {
  readonly topic: string;
  /** The size of its payload in bytes. */
  readonly bytes: number;
}

/** The result of a message. */
export interface Through {
  /** Undefined if no answer shows it. */
  readonly arrives: boolean | undefined;
  /** What the broker does if it does not arrive. */
  readonly how: string;
}

/**
 * Whether a message at a topic below `root` is delivered: to a subscription with a wildcard, and if `paths`
 * is both also to one without. Only a message that reaches neither has met a limit, so a fault in one path
 * does not count as a limit.
 */
export async function comesThrough(
  asking: Asking,
  root: string,
  { topic, bytes }: Tried,
  paths: "both" | "one",
): Promise<Through> {
  const [pub, wild, exact] = await Promise.all([connected(asking), connected(asking), connected(asking)]);
  await using _ = pub;
  await using __ = wild;
  await using ___ = exact;
  const name = topic.slice(root.length + 1);
  const last = `${root}/last`;
  const granted = await subscribed(asking, wild, filtersFor(asking, root, [name, "last"]));
  // A broker may need much longer for such a filter than for the message.
  const owning = paths === "both" ? subscribed(asking, exact, [last, topic]) : undefined;
  // A marker after the message shows that the message does not come.
  const sent = (marker: string) =>
    published(asking, pub, [{ topic, payload: new Uint8Array(bytes) }, { topic: last, payload: marker }]);
  const taken = await sent("first");
  const toWild = granted.refusal === undefined && taken.count > 0
    ? await arrives(asking, wild, topic, "first")
    : undefined;
  const own = await owning;
  if (taken.count === 0 && taken.refusal !== undefined) {
    return { arrives: false, how: `the broker ${taken.refusal}` };
  }
  if (taken.count === 0) return { arrives: undefined, how: "" };
  if (toWild) return { arrives: true, how: "" };
  const came: (boolean | undefined)[] = granted.refusal === undefined ? [toWild] : [];
  if (own) {
    // The message may have come before the subscription.
    if (!exact.messages.some((one) => one.topic === topic)) await sent("again");
    came.push(await arrives(asking, exact, topic, "again"));
  }
  if (came.includes(true)) return { arrives: true, how: "" };
  if (own?.refusal !== undefined) {
    return {
      arrives: false,
      how: `the broker ${own.refusal} to the filter, and the message comes to no other`,
    };
  }
  if (came.length === 0 || came.includes(undefined)) return { arrives: undefined, how: "" };
  return { arrives: false, how: "no client receives the message, but a later one arrives" };
}

/** Whether a message reaches a subscriber; undefined if the marker sent after it does not arrive either. */
async function arrives(
  asking: Asking,
  sub: ProbeClient,
  topic: string,
  marker: string,
): Promise<boolean | undefined> {
  const { patienceMs, graceMs } = asking.times;
  const came = () => sub.messages.some((one) => one.topic === topic);
  const behind = () =>
    sub.messages.some((one) => one.topic !== topic && new TextDecoder().decode(one.payload) === marker);
  if (!await sub.until(() => came() || behind(), patienceMs)) return undefined;
  return await sub.until(came, graceMs);
}
