import { MqttLink } from "../../link/mqtt_link.ts";
import type {
  ConnectFields,
  Draft,
  PacketOf,
  PacketType,
  ProtocolVersion,
  PublishPacket,
  QoS,
} from "../../mqtt/packet.ts";
import type { Transport } from "../../transport/transport.ts";

/** How a probing client reaches a broker, and who it says it is. */
export interface ProbeReach {
  /** Opens a network connection. Throws TransportError. */
  readonly open: (signal: AbortSignal) => Promise<Transport>;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
  /** How long an answer may take, in milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** What came of a request: its answer, a close, or nothing in time. */
export type Reply<T extends PacketType> = PacketOf<T> | "closed" | "silent";

/**
 * An MQTT client that asks a broker what it does. It acknowledges what it is sent unless told not to, and keeps the
 * messages that came, in order.
 */
export class ProbeClient implements AsyncDisposable {
  readonly version: ProtocolVersion;
  /** The messages that came so far. */
  readonly messages: PublishPacket[] = [];
  /** Whether messages of QoS 1 and 2 are acknowledged. */
  acknowledging = true;
  readonly #link: MqttLink;
  readonly #reach: ProbeReach;
  #lastId = 0;

  private constructor(reach: ProbeReach, transport: Transport, version: ProtocolVersion) {
    this.version = version;
    this.#reach = reach;
    this.#link = new MqttLink(transport, { version, maximumPacketSize: 64 * 1024 * 1024 });
  }

  /** Opens a network connection and sends nothing. Throws TransportError. */
  static async open(reach: ProbeReach, version: ProtocolVersion): Promise<ProbeClient> {
    return new ProbeClient(reach, await reach.open(reach.signal), version);
  }

  /** Opens a connection and sends CONNECT. The answer is CONNACK, whatever it says. Throws TransportError. */
  static async connect(
    reach: ProbeReach,
    version: ProtocolVersion,
    fields: ConnectFields = {},
  ): Promise<{ readonly client: ProbeClient; readonly answer: Reply<"CONNACK"> } & AsyncDisposable> {
    const client = await ProbeClient.open(reach, version);
    const answer = await client.#ask("CONNACK", {
      type: "CONNECT",
      userName: reach.userName,
      password: reach.password,
      ...fields,
    });
    return { client, answer, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
  }

  /** Subscribes to filters at one QoS. */
  async subscribe(filters: string | readonly string[], qos: QoS): Promise<Reply<"SUBACK">> {
    const subscriptions = (typeof filters === "string" ? [filters] : filters).map((filter) => ({
      filter,
      qos,
    }));
    return await this.#ask("SUBACK", { type: "SUBSCRIBE", packetId: this.#nextId(), subscriptions });
  }

  /**
   * Publishes, with the whole handshake of its QoS. A message of QoS 0 is followed by PINGREQ, so that `PINGRESP` says
   * that the broker has taken it.
   */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    fields: { readonly qos?: QoS; readonly retain?: boolean } = {},
  ): Promise<Reply<"PUBACK" | "PUBCOMP" | "PUBREC" | "PINGRESP">> {
    const { qos = 0 } = fields;
    const draft: Draft = { type: "PUBLISH", topic, payload, ...fields };
    if (qos === 0) {
      if (!await this.#send(draft)) return "closed";
      return await this.ping();
    }
    const packetId = this.#nextId();
    if (qos === 1) return await this.#ask("PUBACK", { ...draft, packetId });
    const received = await this.#ask("PUBREC", { ...draft, packetId });
    if (typeof received === "string" || received.reason >= 0x80) return received;
    return await this.#ask("PUBCOMP", { type: "PUBREL", packetId });
  }

  /** Sends PINGREQ: its answer comes behind what the broker had begun to send before. */
  async ping(): Promise<Reply<"PINGRESP">> {
    return await this.#ask("PINGRESP", { type: "PINGREQ" });
  }

  /** Waits until `wanted` holds of the messages that came. Gives whether it does. */
  async until(wanted: (messages: readonly PublishPacket[]) => boolean, withinMs = this.#reach.patienceMs) {
    const until = performance.now() + withinMs;
    while (!wanted(this.messages)) {
      const left = until - performance.now();
      if (left <= 0 || await this.#take(left) === undefined) return wanted(this.messages);
    }
    return true;
  }

  /** Milliseconds until the broker closes the connection, undefined if it does not in time. */
  async closedAfter(withinMs: number): Promise<number | undefined> {
    const begin = performance.now();
    for (;;) {
      const taken = await this.#take(withinMs - (performance.now() - begin));
      if (taken === "closed") return performance.now() - begin;
      if (taken === undefined) return undefined;
    }
  }

  /** Sends DISCONNECT and closes. */
  async leave(): Promise<void> {
    await this.#send({ type: "DISCONNECT" });
    this.#link.close();
  }

  /** Closes the connection without DISCONNECT. */
  drop(): void {
    this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }

  async #ask<T extends PacketType>(type: T, request: Draft): Promise<Reply<T>> {
    if (!await this.#send(request)) return "closed";
    const until = performance.now() + this.#reach.patienceMs;
    for (;;) {
      const taken = await this.#take(until - performance.now());
      if (taken === undefined) return "silent";
      if (taken === "closed") return "closed";
      if (isOf(taken, type)) return taken;
    }
  }

  /** The next packet; messages are kept and acknowledged on the way. Undefined when none comes in time. */
  async #take(withinMs: number) {
    const arrival = await this.#link.receive(Math.max(0, withinMs), this.#reach.signal);
    if (!arrival) return undefined;
    // After bytes that can't be read, nothing more can be learned from this connection.
    if (arrival.kind !== "packet") return "closed" as const;
    const { packet } = arrival;
    if (packet.type === "PUBLISH") {
      this.messages.push(packet);
      const { qos, packetId } = packet;
      if (this.acknowledging && qos > 0 && packetId !== undefined) {
        await this.#send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId });
      }
    } else if (packet.type === "PUBREL") {
      await this.#send({ type: "PUBCOMP", packetId: packet.packetId });
    }
    return packet;
  }

  /** Whether it could be sent. */
  async #send(draft: Draft): Promise<boolean> {
    try {
      await this.#link.send(draft);
      return true;
    } catch {
      // Whatever the reason, nothing more can be asked here.
      return false;
    }
  }

  #nextId(): number {
    this.#lastId = this.#lastId % 65_535 + 1;
    return this.#lastId;
  }
}

function isOf<T extends PacketType>(packet: { readonly type: PacketType }, type: T): packet is PacketOf<T> {
  return packet.type === type;
}
