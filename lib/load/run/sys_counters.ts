import { MqttLink } from "../../link/mqtt_link.ts";
import type { Packet } from "../../mqtt/packet.ts";
import { dial } from "../../transport/dial.ts";
import type { BrokerPlace } from "../plan/plan.ts";

/** The topics on which Mosquitto, and brokers that imitate it, publish their own counts of PUBLISH packets. */
const TOPICS = {
  "$SYS/broker/publish/messages/received": "received",
  "$SYS/broker/publish/messages/sent": "sent",
} as const;
const NAMES = Object.values(TOPICS);
/** How long the connection and the retained values may take, in milliseconds. */
const REACH_MS = 5_000;
const READ_MS = 1_000;
/** How long the next update may take, in milliseconds. */
export const UPDATE_MS = 12_000;

/** What a broker has counted, and how many messages it sent to the reader of these counts. */
export interface SysReading {
  readonly received: number;
  readonly sent: number;
  /** Messages that the broker sent to the reader before it made these counts, and in all. */
  readonly before: number;
  readonly delivered: number;
}

/**
 * Reads how many PUBLISH packets a broker has received and sent; undefined if it does not publish that. With `wanted`
 * it waits for an update with at least that many received.
 */
export async function readSys(
  broker: BrokerPlace,
  signal: AbortSignal,
  wanted?: number,
): Promise<SysReading | undefined> {
  try {
    const { address, tls, credentials } = broker;
    const transport = await dial(address, { withinMs: REACH_MS, signal, tls });
    const watch = new Watch(wanted);
    await using link = new MqttLink(transport, {
      version: "3.1.1",
      onArrival: (arrival) => {
        if (arrival.kind === "closed") watch.end();
        else if (arrival.kind === "packet") watch.see(arrival.packet);
        return true;
      },
    });
    const clientId = `attest-sys-${crypto.randomUUID().slice(0, 8)}`;
    await link.send({
      type: "CONNECT",
      protocolName: "MQTT",
      protocolLevel: 4,
      cleanStart: true,
      keepAlive: 30,
      clientId,
      ...credentials,
    });
    const subscriptions = Object.keys(TOPICS).map((filter) => ({ filter, qos: 0 }));
    await link.send({ type: "SUBSCRIBE", packetId: 1, subscriptions });
    // A broker that answers this before it sends a value does not publish any.
    await link.send({ type: "PINGREQ" });
    await watch.done(signal);
    await link.send({ type: "DISCONNECT" }).catch(() => undefined);
    return watch.reading;
  } catch {
    return undefined;
  }
}

class Watch {
  readonly #wanted: number | undefined;
  readonly #values = new Map<string, number>();
  readonly #ended = Promise.withResolvers<void>();
  #delivered = 0;
  #updates = 0;
  #before = 0;

  constructor(wanted: number | undefined) {
    this.#wanted = wanted;
  }

  get reading(): SysReading | undefined {
    const [received, sent] = NAMES.map((name) => this.#values.get(name));
    return received === undefined || sent === undefined
      ? undefined
      : { received, sent, before: this.#before, delivered: this.#delivered };
  }

  see(packet: Packet): void {
    if (packet.type === "PINGRESP" && this.#values.size === 0) this.end();
    if (packet.type !== "PUBLISH") return;
    const name = Object.entries(TOPICS).find(([topic]) => topic === packet.topic)?.[1];
    const count = Number(new TextDecoder().decode(packet.payload.subarray(0, 20)));
    if (name === undefined || !Number.isFinite(count)) return;
    // An update counts what was sent before it, including the first of its own two messages.
    if (name === "sent" && !packet.retain) this.#before = this.#delivered;
    this.#delivered++;
    this.#values.set(name, count);
    if (name === "sent" && ++this.#updates > (this.#wanted === undefined ? 0 : 1)) this.#satisfied();
  }

  end(): void {
    this.#ended.resolve();
  }

  #satisfied(): void {
    if (this.#wanted === undefined || (this.#values.get("received") ?? 0) >= this.#wanted) this.end();
  }

  async done(signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => this.end(), READ_MS);
    // A broker that has sent its retained values in time gets longer for its next update.
    const long = this.#wanted === undefined ? undefined : setTimeout(() => this.end(), UPDATE_MS);
    const quick = setTimeout(() => {
      if (this.#wanted !== undefined && this.#delivered > 0) clearTimeout(timer);
    }, READ_MS / 2);
    signal.addEventListener("abort", () => this.end(), { once: true });
    await this.#ended.promise;
    for (const one of [timer, long, quick]) clearTimeout(one);
  }
}

/** Returns what all brokers have counted since `before`; `sent` is what they should have received in that time. */
export async function sysDifference(
  brokers: readonly BrokerPlace[],
  before: readonly (SysReading | undefined)[],
  sent: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>> | undefined> {
  // How several brokers share the messages is unknown here, so an update is awaited from a single broker only.
  const alone = brokers.length === 1;
  let received = 0;
  let outgoing = 0;
  for (const [index, broker] of brokers.entries()) {
    const first = before[index];
    if (!first) return undefined;
    const after = await readSys(broker, signal, alone ? first.received + sent : first.received);
    if (!after) return undefined;
    received += after.received - first.received;
    // Some brokers do not count what they send over WebSocket, including these counts.
    outgoing += Math.max(0, after.sent - first.sent - (first.delivered - first.before) - after.before);
  }
  return { received, sent: outgoing };
}
