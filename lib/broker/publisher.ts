import type { PublishPacket } from "../mqtt/packet.ts";
import type { TopicAliases } from "./aliases.ts";
import type { Exchange } from "./exchange.ts";
import { expiresAt, forwarded, type Message, propertyValue } from "./message.ts";
import {
  PACKET_ID_NOT_FOUND,
  PROTOCOL_ERROR,
  QOS_NOT_SUPPORTED,
  RECEIVE_MAXIMUM_EXCEEDED,
  RETAIN_NOT_SUPPORTED,
  TOPIC_ALIAS_INVALID,
  TOPIC_NAME_INVALID,
} from "./reasons.ts";
import type { Peer, Session } from "./session.ts";

/** The receiving half of a client's connection: turns PUBLISH packets into messages and answers them. */
export class Publisher {
  readonly #session: Session;
  readonly #peer: Peer;
  readonly #exchange: Exchange;
  readonly #aliasMaximum: number;
  /** Aliases end with the connection. [MQTT-3.3.2-7] of 5.0 */
  readonly #aliases: TopicAliases;
  /** Packet ids of QoS 2 messages that arrived on this connection and are incomplete. */
  readonly #open = new Set<number>();
  /** The last accepted message, for a broker that publishes it again at PUBREL. */
  #last: Message | undefined;

  constructor(session: Session, peer: Peer, exchange: Exchange, aliasMaximum: number) {
    this.#session = session;
    this.#peer = peer;
    this.#exchange = exchange;
    this.#aliasMaximum = aliasMaximum;
    this.#aliases = exchange.behaviour.topicAliases(new Map<number, string>(), session);
  }

  /** Handles a PUBLISH: publishes a new message, and answers according to its QoS. [MQTT-3.3.4-1] */
  publish(packet: PublishPacket): void {
    const excess = this.#exchange.behaviour.excess(this.#excess(packet), packet, this.#session);
    if (excess !== undefined) return this.#peer.end("protocol-error", excess);
    const topic = this.#topicOf(packet);
    if (topic === undefined) return;
    const { behaviour } = this.#exchange;
    const message: Message = {
      topic: behaviour.topicText(topic),
      // Copy the payload: it is a view of a larger buffer, which a stored message would keep alive.
      payload: packet.payload.slice(),
      qos: packet.qos,
      retain: packet.retain,
      dup: packet.dup,
      publisher: this.#session.clientId,
      properties: behaviour.passesOn(forwarded(packet.properties), packet.properties),
      expiresAt: expiresAt(packet.properties, this.#exchange.now()),
    };
    const refused = behaviour.refusesTopic(message.topic);
    if (refused === "close") return this.#peer.end("protocol-error", TOPIC_NAME_INVALID);
    const { qos, packetId } = packet;
    if (refused) this.#exchange.refusedMessage(message);
    if (qos === 0 || packetId === undefined) {
      if (!refused) this.#exchange.publish(message);
      return;
    }
    if (refused) return this.#refuse(packetId, qos);
    const { received } = this.#session;
    const known = received.has(packetId);
    const isNew = behaviour.isNew({ qos, dup: packet.dup, packetId, known, session: this.#session });
    const waits = qos === 2 && behaviour.deliversAtPubrel;
    if (qos === 2 && !known) received.set(packetId, waits ? message : undefined);
    if (qos === 2) this.#open.add(packetId);
    const answer = (reached: number) => {
      // Leave out a reason code of 0.
      const reason = behaviour.publishReason(reached) || undefined;
      this.#peer.send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId, reason });
    };
    if (!isNew || waits) return answer(1);
    this.#last = message;
    if (behaviour.acknowledgesFirst) answer(1);
    const reached = this.#exchange.publish(message);
    if (!behaviour.acknowledgesFirst) answer(reached);
  }

  /** Handles a PUBREL, which frees the packet id. [MQTT-4.3.3-2] */
  release(packetId: number): void {
    const { received } = this.#session;
    const known = received.has(packetId);
    const waiting = received.get(packetId);
    const { frees, publishesAgain } = this.#exchange.behaviour.onPubrel(!known);
    if (frees) received.delete(packetId);
    this.#open.delete(packetId);
    if (waiting) this.#exchange.publish(waiting);
    if (publishesAgain && this.#last) this.#exchange.publish(this.#last);
    this.#peer.send({ type: "PUBCOMP", packetId, reason: known ? 0 : PACKET_ID_NOT_FOUND });
  }

  /** The reason code for ending the connection of a client that exceeds an announced limit. */
  #excess({ qos, retain, packetId }: PublishPacket): number | undefined {
    const { behaviour } = this.#exchange;
    const again = packetId !== undefined && this.#open.has(packetId);
    if (qos > 0 && !again && this.#open.size >= behaviour.receiveMaximum(this.#peer.version)) {
      return RECEIVE_MAXIMUM_EXCEEDED;
    }
    if (this.#peer.version !== "5.0") return undefined;
    if (qos > behaviour.maximumQos) return QOS_NOT_SUPPORTED; // [MQTT-3.2.2-11]
    if (retain && !behaviour.retainAvailable) return RETAIN_NOT_SUPPORTED; // [MQTT-3.2.2-14]
    return undefined;
  }

  /** Acknowledges a message that is not forwarded. [MQTT-3.3.5-2] */
  #refuse(packetId: number, qos: 1 | 2): void {
    const reason = this.#peer.version === "5.0" ? TOPIC_NAME_INVALID : undefined;
    // In 5.0 the refusal completes the handshake; 3.1.1 has no refusal, so the handshake continues.
    if (qos === 2 && reason === undefined) this.#session.received.set(packetId, undefined);
    this.#peer.send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId, reason });
  }

  /** The topic name, looked up by its alias if one is used; undefined for a wrong alias, which ends the connection. */
  #topicOf(packet: PublishPacket): string | undefined {
    const alias = propertyValue(packet.properties, "topicAlias");
    if (typeof alias !== "number") {
      return packet.topic;
    }
    if (!this.#exchange.behaviour.takesAlias(alias, this.#aliasMaximum)) {
      return this.#refuseAlias(TOPIC_ALIAS_INVALID);
    }
    if (packet.topic !== "") {
      this.#aliases.set(alias, packet.topic);
      return packet.topic;
    }
    return this.#aliases.get(alias) ?? this.#refuseAlias(PROTOCOL_ERROR);
  }

  #refuseAlias(reason: number): undefined {
    if (this.#exchange.behaviour.endsForAlias) this.#peer.end("protocol-error", reason);
  }
}
