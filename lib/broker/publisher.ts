import type { PublishPacket } from "../mqtt/packet.ts";
import type { Exchange } from "./exchange.ts";
import { expiry, forwarded, type Message, propertyValue } from "./message.ts";
import { PROTOCOL_ERROR, TOPIC_ALIAS_INVALID } from "./reasons.ts";
import type { Peer, Session } from "./session.ts";

const PACKET_ID_NOT_FOUND = 0x92;

/** The receiving half of a client's connection: its PUBLISH packets become messages, once each, and are answered. */
export class Publisher {
  readonly #session: Session;
  readonly #peer: Peer;
  readonly #exchange: Exchange;
  readonly #aliasMaximum: number;
  /** They end with the connection. [MQTT-3.3.2-7] of 5.0 */
  readonly #aliases = new Map<number, string>();
  /** The last message that was taken, for a broker that publishes it again at PUBREL. */
  #last: Message | undefined;

  constructor(session: Session, peer: Peer, exchange: Exchange, aliasMaximum: number) {
    this.#session = session;
    this.#peer = peer;
    this.#exchange = exchange;
    this.#aliasMaximum = aliasMaximum;
  }

  /** Takes a PUBLISH: publishes what is new, answers by its QoS. [MQTT-3.3.4-1] */
  publish(packet: PublishPacket): void {
    const topic = this.#topicOf(packet);
    if (topic === undefined) return;
    const { qos, packetId } = packet;
    const { behaviour } = this.#exchange;
    const message: Message = {
      topic: behaviour.topicText(topic),
      // A view of a larger buffer, which a message that is kept would keep with it.
      payload: packet.payload.slice(),
      qos,
      retain: packet.retain,
      dup: packet.dup,
      publisher: this.#session.clientId,
      properties: forwarded(packet.properties),
      ...expiry(packet.properties, this.#exchange.now()),
    };
    if (qos === 0 || packetId === undefined) return this.#exchange.publish(message);
    const { received } = this.#session;
    const known = received.has(packetId);
    if (behaviour.isNew({ qos, dup: packet.dup, packetId, known, session: this.#session })) {
      this.#last = message;
      this.#exchange.publish(message);
    }
    if (qos === 2) received.add(packetId);
    this.#peer.send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId });
  }

  /** Takes a PUBREL: the packet id is free again. [MQTT-4.3.3-2] */
  release(packetId: number): void {
    const { received } = this.#session;
    const known = received.has(packetId);
    const { frees, publishesAgain } = this.#exchange.behaviour.onPubrel(!known);
    if (frees) received.delete(packetId);
    if (publishesAgain && this.#last) this.#exchange.publish(this.#last);
    this.#peer.send({ type: "PUBCOMP", packetId, reason: known ? 0 : PACKET_ID_NOT_FOUND });
  }

  /** The topic name, found by its alias where one is used; undefined once the connection was ended for a wrong one. */
  #topicOf(packet: PublishPacket): string | undefined {
    const alias = propertyValue(packet.properties, "topicAlias");
    if (typeof alias !== "number") {
      return packet.topic;
    }
    if (alias > this.#aliasMaximum) {
      this.#peer.end("protocol-error", TOPIC_ALIAS_INVALID);
      return undefined;
    }
    if (packet.topic !== "") {
      this.#aliases.set(alias, packet.topic);
      return packet.topic;
    }
    const topic = this.#aliases.get(alias);
    if (topic === undefined) this.#peer.end("protocol-error", PROTOCOL_ERROR);
    return topic;
  }
}
