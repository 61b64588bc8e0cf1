import type { Draft, PacketType, Property } from "../mqtt/packet.ts";
import { SendingAliases } from "./aliases.ts";
import type { AnswerEffect, BrokerBehaviour, Resend } from "./behaviour.ts";
import type { Delivery } from "./message.ts";
import { PACKET_ID_NOT_FOUND, REFUSED } from "./reasons.ts";
import type { Peer, Session } from "./session.ts";

/**
 * The packets that the broker accepts even with the defect of serving no requests while too many messages are in
 * flight.
 */
const ALWAYS_TAKEN: ReadonlySet<PacketType> = new Set(["PUBACK", "PUBREC", "PUBCOMP", "DISCONNECT"]);

/**
 * The sending half of a session while its client is connected: packet ids, the two handshakes, the client's Receive
 * Maximum, and the packets that are sent again when a session is resumed.
 */
export class Sender {
  readonly #session: Session;
  readonly #peer: Peer;
  readonly #behaviour: BrokerBehaviour;
  readonly #now: () => number;
  readonly #aliases: SendingAliases;
  /** How many QoS 1 and 2 messages may be in flight. */
  readonly #window: number;
  /** How many more of them the broker may send before the client answers one. [MQTT-4.9.0-2] of 5.0 */
  #quota: number;
  /** Packets of an earlier connection that the broker must send again. */
  #resends: Resend[] = [];
  #resending: ReturnType<typeof setInterval> | undefined;
  /** The deliveries that were open at the last check for deliveries to send again. */
  #openBefore: ReadonlySet<Delivery> = new Set();

  constructor(session: Session, peer: Peer, behaviour: BrokerBehaviour, now: () => number) {
    this.#session = session;
    this.#peer = peer;
    this.#behaviour = behaviour;
    this.#now = now;
    this.#aliases = new SendingAliases(behaviour.usesAliases ? peer.topicAliasMaximum : 0);
    this.#window = behaviour.window(peer.receiveMaximum);
    this.#quota = this.#window;
  }

  /** Sends again the messages that an earlier connection left open, then the queued ones. [MQTT-4.4.0-1] */
  resume(): void {
    const { released, unacknowledged } = this.#session;
    const due: Resend[] = [
      ...Array.from(released, ([packetId, delivery]): Resend => ({ type: "PUBREL", packetId, delivery })),
      ...Array.from(
        unacknowledged,
        ([packetId, delivery]): Resend => ({ type: "PUBLISH", packetId, delivery }),
      ),
    ];
    this.#resends = [...this.#behaviour.resends(due)];
    this.pump();
    const everyMs = this.#behaviour.resendsEveryMs(this.#peer.version);
    if (everyMs < Infinity) this.#resending = setInterval(() => this.#resendOpen(), everyMs);
  }

  /** Stops the timers; called at the end of the connection. */
  stop(): void {
    clearInterval(this.#resending);
  }

  /** Sends a message, or queues it. A QoS 0 message for a congested client is dropped. */
  deliver(delivery: Delivery): void {
    if (delivery.qos === 0) {
      const full = this.#quota === 0 ? this.#behaviour.qos0WhenFull : "send";
      const waits = full === "wait" || (this.#session.queue.size > 0 && this.#holdsQos0());
      if (this.#peer.congested || full === "drop") return;
      if (!waits) return void this.#publish(delivery, undefined, false);
    }
    this.#session.queue.add(delivery);
    this.pump();
  }

  /** Sends as many queued messages as the client accepts. */
  pump(): void {
    while (!this.#peer.congested) {
      const resend = this.#resends[0];
      if (resend) {
        if (resend.type === "PUBLISH" && this.#quota === 0) return;
        this.#resends.shift();
        this.#again(resend);
        continue;
      }
      if (this.#quota === 0 && (this.#session.queue.first()?.qos !== 0 || this.#holdsQos0())) return;
      const delivery = this.#session.queue.take();
      if (!delivery) return;
      this.#first(delivery);
    }
  }

  /** Whether the broker serves a packet of the client now; a correct broker always does. */
  lets(type: PacketType): boolean {
    return this.#quota > 0 || this.#behaviour.servesAtFullWindow || ALWAYS_TAKEN.has(type);
  }

  /** Handles a PUBACK; returns false if the packet id belongs to a QoS 2 message. */
  puback(packetId: number, reason: number): boolean {
    const delivery = this.#session.unacknowledged.get(packetId);
    if (delivery?.qos === 2 || this.#session.released.has(packetId)) return false;
    if (!delivery) return true;
    this.#settle(packetId, this.#behaviour.answered("PUBACK", reason));
    if (reason >= REFUSED) this.#behaviour.onRefused(delivery, this.#session);
    return true;
  }

  /** Handles a PUBREC; returns false if the packet id belongs to a QoS 1 message. */
  pubrec(packetId: number, reason: number): boolean {
    const { released, unacknowledged } = this.#session;
    const delivery = unacknowledged.get(packetId);
    if (delivery?.qos === 1) return false;
    const effect = this.#behaviour.answered("PUBREC", reason);
    if (effect !== "goes-on") {
      // [MQTT-4.4.0-2] of 5.0
      if (delivery) this.#settle(packetId, effect);
      if (delivery && reason >= REFUSED) this.#behaviour.onRefused(delivery, this.#session);
      return true;
    }
    if (delivery) {
      unacknowledged.delete(packetId);
      released.set(packetId, delivery);
    }
    const known = released.has(packetId);
    if (!known && !this.#behaviour.answersUnknownPubrec) return true;
    this.#peer.send({ type: "PUBREL", packetId, reason: known ? 0 : PACKET_ID_NOT_FOUND });
    return true;
  }

  /** Handles a PUBCOMP; returns false if the packet id belongs to a message without PUBREL. */
  pubcomp(packetId: number, reason: number): boolean {
    if (this.#session.unacknowledged.has(packetId)) return false;
    if (!this.#session.released.has(packetId)) return true;
    this.#settle(packetId, this.#behaviour.answered("PUBCOMP", reason));
    return true;
  }

  #first(delivery: Delivery): void {
    if (delivery.qos === 0) {
      this.#publish(delivery, undefined, false);
      return;
    }
    const { expiresAt } = delivery.message;
    // [MQTT-3.3.2-5] of 5.0
    const expired = expiresAt !== undefined && expiresAt <= this.#now();
    if (expired && this.#behaviour.dropsExpired("queue")) {
      if (!this.#behaviour.expiredMakesRoom) this.#quota--;
      return;
    }
    const packetId = this.#session.freePacketId();
    if (packetId === undefined) return;
    this.#session.unacknowledged.set(packetId, delivery);
    this.#quota--;
    // [MQTT-3.1.2-25] of 5.0: a message that is too large for the client counts as delivered.
    if (!this.#publish(delivery, packetId, false)) this.#settle(packetId, "done");
  }

  #again(resend: Resend): void {
    if (resend.type === "PUBREL") {
      this.#peer.send({ type: "PUBREL", packetId: resend.packetId });
      return;
    }
    this.#quota--;
    if (!this.#publish(resend.delivery, resend.packetId, true)) this.#settle(resend.packetId, "done");
  }

  #settle(packetId: number, effect: AnswerEffect): void {
    if (effect === "nothing") return;
    this.#session.unacknowledged.delete(packetId);
    this.#session.released.delete(packetId);
    if (effect !== "keeps-its-place") this.#quota = Math.min(this.#quota + 1, this.#window);
    this.pump();
  }

  /** Sends again the deliveries that were already open one period ago. */
  #resendOpen(): void {
    const { released, unacknowledged } = this.#session;
    const before = this.#openBefore;
    this.#openBefore = new Set([...released.values(), ...unacknowledged.values()]);
    for (const [packetId, delivery] of released) {
      if (before.has(delivery)) this.#peer.send({ type: "PUBREL", packetId });
    }
    for (const [packetId, delivery] of unacknowledged) {
      if (before.has(delivery)) this.#publish(delivery, packetId, true);
    }
  }

  #holdsQos0(): boolean {
    return this.#behaviour.qos0WhenFull === "wait";
  }

  #publish(delivery: Delivery, packetId: number | undefined, resent: boolean): boolean {
    const { message, qos } = delivery;
    const five = this.#peer.version === "5.0";
    const alias = five ? this.#aliases.find(message.topic) : undefined;
    const packet: Draft = {
      type: "PUBLISH",
      topic: alias?.known ? "" : message.topic,
      payload: message.payload,
      qos,
      // [MQTT-3.3.1-3]
      dup: this.#behaviour.dup(resent, delivery),
      retain: delivery.retain,
      packetId: packetId === undefined ? undefined : this.#behaviour.packetId(packetId),
      properties: five ? this.#properties(delivery, alias?.alias) : undefined,
    };
    const sent = this.#peer.send(packet);
    if (sent && alias && !alias.known) this.#aliases.sent(message.topic, alias.alias);
    return sent;
  }

  #properties(delivery: Delivery, alias: number | undefined): Property[] {
    const { message, identifiers } = delivery;
    const properties = [...message.properties];
    if (alias !== undefined) properties.push({ name: "topicAlias", value: alias });
    if (message.expiresAt !== undefined) {
      // [MQTT-3.3.2-6] of 5.0
      const left = Math.max(0, Math.ceil((message.expiresAt - this.#now()) / 1000));
      properties.push({ name: "messageExpiryInterval", value: this.#behaviour.secondsLeft(left, delivery) });
    }
    for (const value of identifiers) properties.push({ name: "subscriptionIdentifier", value });
    return properties;
  }
}
