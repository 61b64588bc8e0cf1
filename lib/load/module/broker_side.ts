import type { ScriptedBroker } from "../../broker/scripted.ts";
import { type Arrival, MqttLink } from "../../link/mqtt_link.ts";
import type { Draft, Packet, PublishPacket, QoS } from "../../mqtt/packet.ts";

/** What a {@link BrokerSide} listens on, and what it reports. */
export interface BrokerSideOptions {
  readonly listener: ScriptedBroker;
  /** Called for each packet in either direction, for evidence. */
  readonly seen: (direction: "sent" | "received", packet: Packet | Draft) => void;
  /** Called for a message of the module; `repeated` if the same message arrived before and has not been released. */
  readonly published: (packet: PublishPacket, repeated: boolean) => void;
  /** Called when the module has acknowledged a delivery, by PUBACK or PUBCOMP. */
  readonly acknowledged: (packetId: number) => void;
  /** Called with a sentence for bytes that break the protocol. */
  readonly broken: (text: string) => void;
  /** Called when the connection has ended; `lost` if it ended without DISCONNECT. */
  readonly ended: (lost: boolean) => void;
  readonly signal: AbortSignal;
}

/** The broker of a module under load: accepts whatever the module publishes, and delivers messages to it. */
export class BrokerSide implements AsyncDisposable {
  readonly #options: BrokerSideOptions;
  #link: MqttLink | undefined;
  #orderly = false;
  /** Packet ids of the module's QoS 2 messages that have not been released. */
  readonly #unreleased = new Set<number>();
  readonly #waiting = new Map<Packet["type"], () => void>();
  readonly #seen = new Set<Packet["type"]>();

  constructor(options: BrokerSideOptions) {
    this.#options = options;
  }

  /** Whether the module is connected. */
  get connected(): boolean {
    return this.#link !== undefined && this.#link.closed === undefined;
  }

  /** Accepts the module's next connection; returns false if none came in time. */
  async accept(withinMs: number): Promise<boolean> {
    const { listener, signal } = this.#options;
    const transport = await listener.accept(withinMs, signal);
    if (!transport) return false;
    await this.#link?.[Symbol.asyncDispose]();
    this.#orderly = false;
    this.#unreleased.clear();
    this.#seen.clear();
    this.#link = new MqttLink(transport, {
      version: "3.1.1",
      onArrival: (arrival) => this.#arrived(arrival),
    });
    return true;
  }

  /** Returns whether a packet of this type has arrived on this connection, or arrives in time. */
  came(type: Packet["type"], withinMs: number): Promise<boolean> {
    if (this.#seen.has(type)) return Promise.resolve(true);
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        this.#waiting.delete(type);
        resolve(came);
      };
      const aborted = () => done(false);
      const timer = setTimeout(aborted, withinMs);
      signal.addEventListener("abort", aborted);
      this.#waiting.set(type, () => done(true));
    });
  }

  /** Sends a message to the module. */
  deliver(topic: string, payload: string, qos: QoS, packetId: number): void {
    const packet = { type: "PUBLISH", topic, payload: new TextEncoder().encode(payload), qos } as const;
    this.#send(qos === 0 ? packet : { ...packet, packetId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link?.[Symbol.asyncDispose]();
  }

  #send(draft: Draft): void {
    this.#options.seen("sent", draft);
    this.#link?.send(draft).catch(() => {
      // The connection is down; its close is reported.
    });
  }

  #arrived(arrival: Arrival): boolean {
    const { seen, broken, ended } = this.#options;
    if (arrival.kind === "closed") ended(!this.#orderly);
    else if (arrival.kind === "packet") {
      seen("received", arrival.packet);
      for (const { message } of arrival.violations) broken(message);
      this.#packet(arrival.packet);
      this.#seen.add(arrival.packet.type);
      this.#waiting.get(arrival.packet.type)?.();
    } else if (arrival.kind === "oversized") broken(`The module sent a packet of ${arrival.size} bytes`);
    else broken("The module sent bytes that are not a packet");
    return true;
  }

  #packet(packet: Packet): void {
    switch (packet.type) {
      case "CONNECT":
        return this.#send({ type: "CONNACK", sessionPresent: false, reason: 0 });
      case "SUBSCRIBE": {
        const reasons = packet.subscriptions.map(({ qos }) => qos);
        return this.#send({ type: "SUBACK", packetId: packet.packetId, reasons });
      }
      case "UNSUBSCRIBE":
        return this.#send({ type: "UNSUBACK", packetId: packet.packetId });
      case "PINGREQ":
        return this.#send({ type: "PINGRESP" });
      case "PUBLISH":
        return this.#publish(packet);
      case "PUBREL":
        this.#unreleased.delete(packet.packetId);
        return this.#send({ type: "PUBCOMP", packetId: packet.packetId });
      case "PUBREC":
        return this.#send({ type: "PUBREL", packetId: packet.packetId });
      case "PUBACK":
      case "PUBCOMP":
        return this.#options.acknowledged(packet.packetId);
      case "DISCONNECT":
        this.#orderly = true;
        return;
      default:
        this.#options.broken(`The module sent ${packet.type}, which only a broker sends`);
    }
  }

  #publish(packet: PublishPacket): void {
    const { packetId, qos } = packet;
    const repeated = qos === 2 && packetId !== undefined && this.#unreleased.has(packetId);
    this.#options.published(packet, repeated);
    if (packetId === undefined || qos === 0) return;
    if (qos === 2) this.#unreleased.add(packetId);
    this.#send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId });
  }
}
