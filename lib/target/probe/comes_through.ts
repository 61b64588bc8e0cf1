import { type Asking, connected } from "./asking.ts";
import type { ProbeClient } from "./probe_client.ts";
import { published } from "./publishing.ts";
import { filtersFor, subscribed } from "./subscribing.ts";

/** A message that is tried. */
export interface Tried {
  readonly topic: string;
  /** The size of its payload. */
  readonly bytes: number;
}

/** What came of a message. */
export interface Through {
  /** Undefined where nothing tells. */
  readonly arrives: boolean | undefined;
  /** What the broker does where it does not arrive. */
  readonly how: string;
}

/**
 * Whether a message at a topic below `root` is delivered: to a subscription with a wildcard, and if `paths` is both also
 * to one without. Only what reaches neither has met a limit, so that a fault of one path does not pass for a limit.
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
  const [granted, own] = await Promise.all([
    subscribed(asking, wild, filtersFor(asking, root, [name, "last"])),
    paths === "both" ? subscribed(asking, exact, [last, topic]) : undefined,
  ]);
  const taken = await published(asking, pub, [{ topic, payload: new Uint8Array(bytes) }]);
  if (taken.refusal !== undefined) return { arrives: false, how: `the broker ${taken.refusal}` };
  if (taken.late) return { arrives: undefined, how: "" };
  const subs = [...(granted.refusal === undefined ? [wild] : []), ...(own ? [exact] : [])];
  const came = await Promise.all(subs.map((sub) => arrives(asking, sub, pub, topic, last)));
  if (came.includes(true)) return { arrives: true, how: "" };
  if (own?.refusal !== undefined) {
    return {
      arrives: false,
      how: `the broker ${own.refusal} to the filter, and the message comes to no other`,
    };
  }
  if (came.length === 0 || came.includes(undefined)) return { arrives: undefined, how: "" };
  return { arrives: false, how: "the message comes to nobody, and a later one does" };
}

/** Whether the message comes to a subscriber; what comes behind it tells that it does not. */
async function arrives(
  asking: Asking,
  sub: ProbeClient,
  pub: ProbeClient,
  topic: string,
  last: string,
): Promise<boolean | undefined> {
  const { quietMs, patienceMs, graceMs } = asking.times;
  const came = () => sub.messages.some((one) => one.topic === topic);
  if (await sub.until(came, quietMs)) return true;
  await published(asking, pub, [{ topic: last, payload: "last" }]);
  const behind = () => sub.messages.some((one) => one.topic === last);
  if (!await sub.until(() => came() || behind(), patienceMs)) return undefined;
  return await sub.until(came, graceMs);
}
