import type { QoS, SubackPacket } from "../../mqtt/packet.ts";
import { announced, type Asking } from "./asking.ts";
import { type ProbeClient, withReason } from "./probe_client.ts";

/** The answer to a SUBSCRIBE. */
export interface Granted {
  /** The codes of SUBACK; undefined if none came. */
  readonly codes: readonly number[] | undefined;
  /** How the broker refused the first refused filter; undefined if it refused none. */
  readonly refusal?: string | undefined;
}

/** Subscribes to filters by one SUBSCRIBE and waits for its answer. */
export async function subscribed(
  asking: Asking,
  client: ProbeClient,
  filters: readonly string[],
  qos: QoS = 0,
): Promise<Granted> {
  const packetId = client.nextId();
  const answer = () =>
    client.answers.find((one): one is SubackPacket => one.type === "SUBACK" && one.packetId === packetId);
  const subscriptions = filters.map((filter) => ({ filter, qos }));
  void client.send({ type: "SUBSCRIBE", packetId, subscriptions });
  // Some brokers need time for each filter.
  const patienceMs = asking.times.patienceMs * (1 + filters.length / 100);
  await client.until(() => answer() !== undefined, patienceMs);
  const codes = answer()?.reasons;
  if (!codes) return { codes, refusal: client.ending };
  const refused = codes.find((code) => code >= 0x80);
  return {
    codes,
    refusal: refused === undefined ? undefined : `answers ${withReason("SUBACK", client.version, refused)}`,
  };
}

/** Returns filters for the topics `names` below a root: one with a wildcard, unless CONNACK forbids it. */
export function filtersFor(asking: Asking, root: string, names: readonly string[]): readonly string[] {
  const wild = announced(asking, "wildcardSubscriptionAvailable") !== 0;
  return wild ? [`${root}/#`] : names.map((name) => `${root}/${name}`);
}
