import type { DraftOf, PublishPacket, QoS } from "../../mqtt/packet.ts";
import { type Asking, publishQos, sendWindow } from "./asking.ts";
import { type ProbeClient, withReason } from "./probe_client.ts";

/** A message to publish. */
export type Message = Pick<DraftOf<PublishPacket>, "topic" | "payload" | "retain">;

/** How a broker accepted messages. */
export interface Taken {
  /** How many it accepted; those after the first refused one do not count. */
  readonly count: number;
  /** How it refused the next one; undefined if it refused none. */
  readonly refusal?: string | undefined;
  /** Whether some were neither accepted nor refused in time. */
  readonly late: boolean;
}

/**
 * Publishes messages and waits until the broker has accepted them: by PUBACK, or at QoS 0 by the answer to a
 * PINGREQ after them. Never exceeds the number of messages in flight that the broker announces.
 */
export async function published(
  asking: Asking,
  client: ProbeClient,
  messages: readonly Message[],
  qos: QoS = publishQos(asking),
): Promise<Taken> {
  if (qos === 0) return await publishedUnacknowledged(asking, client, messages);
  const window = sendWindow(asking);
  const before = client.count("PUBACK");
  const acknowledged = () => client.count("PUBACK") - before;
  for (let sent = 0; acknowledged() < messages.length;) {
    const count = acknowledged();
    const part = messages.slice(sent, count + window);
    sent += part.length;
    if (part.length > 0) {
      void client.send(
        ...part.map((one) => ({ type: "PUBLISH", qos, packetId: client.nextId(), ...one } as const)),
      );
    }
    if (await client.until(() => acknowledged() > count, asking.times.patienceMs)) continue;
    return { count, refusal: client.ending, late: client.ending === undefined };
  }
  const refused = client.answersOf("PUBACK").slice(before).findIndex(({ reason }) => reason >= 0x80);
  const reason = client.answersOf("PUBACK")[before + refused]?.reason ?? 0;
  return refused < 0
    ? { count: messages.length, late: false }
    : { count: refused, refusal: `answers ${withReason("PUBACK", client.version, reason)}`, late: false };
}

async function publishedUnacknowledged(
  asking: Asking,
  client: ProbeClient,
  messages: readonly Message[],
): Promise<Taken> {
  const before = client.count("PINGRESP");
  const drafts = messages.map((message) => ({ type: "PUBLISH", ...message } as const));
  void client.send(...drafts, { type: "PINGREQ" });
  if (await client.until(() => client.count("PINGRESP") > before, asking.times.patienceMs)) {
    return { count: messages.length, late: false };
  }
  return { count: 0, refusal: client.ending, late: client.ending === undefined };
}
