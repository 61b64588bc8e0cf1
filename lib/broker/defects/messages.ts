import type { Session } from "../session.ts";
import { changesMessage, type Defect } from "./defect.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import type { Delivery, Message } from "../message.ts";

/** A defect that replaces each delivery with others. */
const delivers = (change: (delivery: Delivery) => readonly Delivery[]): Defect["alter"] => (right) => ({
  deliveries: (delivery, session) => right.deliveries(delivery, session).flatMap(change),
});

const cutPayload = (length: number) =>
  changesMessage((message) => ({ ...message, payload: message.payload.subarray(0, length) }));

/** Faults of deliveries: payloads, levels, flags, copies and their order. */
export const MESSAGE_DEFECTS: readonly Defect[] = [
  {
    id: "payload-cut-at-nul",
    description: "A payload is cut off at its first zero byte",
    alter: changesMessage((message) => {
      const nul = message.payload.indexOf(0);
      return nul < 0 ? message : { ...message, payload: message.payload.subarray(0, nul) };
    }),
  },
  {
    id: "payload-cut-at-127",
    description: "Payloads are cut to 127 bytes",
    alter: cutPayload(127),
  },
  {
    id: "payload-cut-at-16383",
    description: "Payloads are cut to 16,383 bytes",
    alter: cutPayload(16_383),
  },
  {
    id: "payload-as-text",
    description: "Payloads are decoded and encoded as UTF-8, which changes bytes that are not UTF-8",
    alter: changesMessage((message) => ({
      ...message,
      payload: new TextEncoder().encode(new TextDecoder().decode(message.payload)),
    })),
  },
  {
    id: "empty-payload-lost",
    description: "Messages without payload are not delivered",
    alter: delivers((delivery) => delivery.message.payload.length === 0 ? [] : [delivery]),
  },
  {
    id: "qos0-lost",
    description: "Deliveries at QoS 0 are lost",
    clauses: ["MQTT-4.5.0-1"],
    alter: delivers((delivery) => delivery.qos === 0 ? [] : [delivery]),
  },
  {
    id: "qos0-doubled",
    description: "Deliveries at QoS 0 are sent twice",
    alter: delivers((delivery) => delivery.qos === 0 ? [delivery, delivery] : [delivery]),
  },
  {
    id: "qos1-doubled",
    description: "Deliveries at QoS 1 are sent twice, with two packet ids",
    alter: delivers((delivery) => delivery.qos === 1 ? [delivery, delivery] : [delivery]),
  },
  {
    id: "qos2-doubled",
    description: "Deliveries at QoS 2 are sent twice, with two packet ids",
    clauses: ["MQTT-4.3.3-1"],
    alter: delivers((delivery) => delivery.qos === 2 ? [delivery, delivery] : [delivery]),
  },
  {
    id: "qos-not-lowered",
    description: "Messages are delivered at their own QoS, even if the subscription's is lower",
    clauses: ["MQTT-3.8.4-6"],
    alter: () => ({ deliveryQos: (published) => published }),
  },
  {
    id: "qos-raised",
    description: "Messages are delivered at the subscription's QoS, even if their own is lower",
    clauses: ["MQTT-3.8.4-6"],
    alter: () => ({ deliveryQos: (_, granted) => granted.reduce((a, b) => b > a ? b : a, granted[0] ?? 0) }),
  },
  {
    id: "qos2-delivered-as-1",
    description: "QoS 2 deliveries are sent at QoS 1",
    clauses: ["MQTT-3.8.4-6"],
    alter: delivers((delivery) => [delivery.qos === 2 ? { ...delivery, qos: 1 } : delivery]),
  },
  {
    id: "overlap-lowest-qos",
    description: "If subscriptions of one client overlap, the lowest QoS is used",
    clauses: ["MQTT-3.3.5-1"],
    alter: (right) => ({
      deliveryQos: (published, granted) => {
        const lowest = granted.reduce((a, b) => b < a ? b : a, granted[0] ?? 0);
        return right.deliveryQos(published, [lowest]);
      },
    }),
  },
  {
    id: "overlap-first-only",
    description: "If subscriptions of one client overlap, a message that matches two is lost",
    clauses: ["MQTT-4.5.0-1"],
    alter: (right) => ({ copies: (matching) => matching.length > 1 ? [] : right.copies(matching) }),
  },
  {
    id: "publisher-excluded",
    description: "A client does not get its own messages",
    clauses: ["MQTT-4.5.0-1"],
    alter: (right) => ({
      deliveries: (delivery, session) =>
        delivery.message.publisher === session.clientId ? [] : right.deliveries(delivery, session),
    }),
  },
  {
    id: "dup-copied",
    description: "DUP of the incoming PUBLISH is copied to the outgoing one",
    clauses: ["MQTT-3.3.1-3"],
    alter: (right) => ({
      dup: (flag, delivery) => right.dup(flag, delivery) || (delivery.message.dup && delivery.qos > 0),
    }),
  },
  {
    id: "dup-never",
    description: "DUP is 0 when a PUBLISH is resent",
    clauses: ["MQTT-3.3.1-1"],
    alter: () => ({ dup: () => false }),
  },
  {
    id: "dup-at-first",
    description: "DUP is 1 when a QoS 1 or 2 PUBLISH is sent for the first time",
    clauses: ["MQTT-4.3.2-1", "MQTT-4.3.3-1"],
    alter: () => ({ dup: (_, delivery) => delivery.qos > 0 }),
  },
  {
    id: "dup-at-qos0",
    description: "DUP is 1 at QoS 0",
    clauses: ["MQTT-3.3.1-2"],
    alter: (right) => ({ dup: (flag, delivery) => delivery.qos === 0 || right.dup(flag, delivery) }),
  },
  {
    id: "packet-id-zero",
    description: "PUBLISH is sent with packet id 0",
    clauses: ["MQTT-2.3.1-1"],
    alter: () => ({ packetId: () => 0 }),
  },
  {
    id: "packet-id-reused",
    description: "Every PUBLISH is sent with packet id 1, even if it is in use",
    clauses: ["MQTT-2.3.1-4"],
    alter: () => ({ packetId: () => 1 }),
  },
  {
    id: "order-swapped",
    description: "Every second message to a client is swapped with the next",
    clauses: ["MQTT-4.6.0-6"],
    alter: (right) => {
      const held = new WeakMap<Session, Delivery>();
      const odd = new WeakSet<Session>();
      return {
        deliveries: (delivery, session) => {
          const due = right.deliveries(delivery, session);
          const before = held.get(session);
          if (before) {
            held.delete(session);
            return [...due, before];
          }
          if (odd.delete(session)) {
            held.set(session, delivery);
            return [];
          }
          odd.add(session);
          return due;
        },
      };
    },
  },
  {
    id: "qos1-duplicate-suppressed",
    description: "A QoS 1 PUBLISH with DUP is treated as a duplicate and dropped",
    clauses: ["MQTT-4.3.2-2"],
    alter: (right) => ({
      isNew: (incoming) => !(incoming.qos === 1 && incoming.dup) && right.isNew(incoming),
    }),
  },
  {
    id: "qos2-duplicate-delivered",
    description: "A QoS 2 PUBLISH repeated before PUBREL is delivered again",
    clauses: ["MQTT-4.3.3-2"],
    alter: () => ({ isNew: () => true }),
  },
  {
    id: "qos2-dup-suppressed",
    description: "A QoS 2 PUBLISH with DUP is never delivered, even if it is the first with its packet id",
    clauses: ["MQTT-4.3.3-2"],
    alter: (right) => ({
      isNew: (incoming) => !(incoming.qos === 2 && incoming.dup) && right.isNew(incoming),
    }),
  },
  {
    id: "qos2-id-not-freed",
    description: "After PUBCOMP a QoS 2 PUBLISH with the same packet id is treated as a duplicate",
    clauses: ["MQTT-4.3.3-2"],
    alter: (right) => ({ onPubrel: (again) => ({ ...right.onPubrel(again), frees: false }) }),
  },
  {
    id: "qos2-published-at-each-pubrel",
    description: "A repeated PUBREL delivers the message again",
    clauses: ["MQTT-4.3.3-2"],
    alter: (right) => ({ onPubrel: (again) => ({ ...right.onPubrel(again), publishesAgain: again }) }),
  },
];

const retains = (
  change: (
    right: ReturnType<BrokerBehaviour["retains"]>,
    message: Message,
    before: Message | undefined,
  ) => ReturnType<BrokerBehaviour["retains"]>,
): Defect["alter"] =>
(right) => ({ retains: (message, before) => change(right.retains(message, before), message, before) });

/** Faults of the RETAIN flag and of the retained messages. */
export const RETAIN_DEFECTS: readonly Defect[] = [
  {
    id: "retain-set-on-live",
    description: "RETAIN is 1 on every delivery to an established subscription",
    clauses: ["MQTT-3.3.1-9"],
    alter: (right) => ({ retainFlag: (flag, from) => from === "live" || right.retainFlag(flag, from) }),
  },
  {
    id: "retain-copied-to-live",
    description: "The publisher's RETAIN is copied to deliveries to an established subscription",
    clauses: ["MQTT-3.3.1-9"],
    alter: (right) => ({
      deliveries: (delivery, session) =>
        right.deliveries(delivery, session).map((one) => ({
          ...one,
          retain: one.retain || one.message.retain,
        })),
    }),
  },
  {
    id: "retain-missing-on-retained",
    description: "RETAIN is 0 on retained messages sent for a new subscription",
    clauses: ["MQTT-3.3.1-8"],
    alter: (right) => ({ retainFlag: (flag, from) => from !== "store" && right.retainFlag(flag, from) }),
  },
  {
    id: "retained-not-kept",
    description: "No message is ever retained",
    clauses: ["MQTT-3.3.1-5"],
    alter: retains(() => "nothing"),
  },
  {
    id: "retained-not-replaced",
    description: "The first retained message of a topic is never replaced",
    clauses: ["MQTT-3.3.1-5"],
    alter: retains((right, _, before) => right === "store" && before ? "nothing" : right),
  },
  {
    id: "retained-not-cleared",
    description: "An empty message with RETAIN does not remove the retained one",
    clauses: ["MQTT-3.3.1-10"],
    alter: retains((right) => right === "clear" ? "nothing" : right),
  },
  {
    id: "retained-cleared-by-any-empty",
    description: "An empty message without RETAIN removes the retained one",
    clauses: ["MQTT-3.3.1-12"],
    alter: retains((right, message) => message.payload.length === 0 ? "clear" : right),
  },
  {
    id: "empty-retained-kept",
    description: "An empty message with RETAIN is itself retained",
    clauses: ["MQTT-3.3.1-11"],
    alter: retains((right) => right === "clear" ? "store" : right),
  },
  {
    id: "empty-retained-not-delivered",
    description: "An empty message with RETAIN is not delivered to established subscriptions",
    clauses: ["MQTT-3.3.1-10"],
    alter: (right) => ({
      deliveries: (delivery, session) =>
        delivery.message.retain && delivery.message.payload.length === 0
          ? []
          : right.deliveries(delivery, session),
    }),
  },
  {
    id: "plain-message-retained",
    description: "Messages without RETAIN replace the retained one",
    clauses: ["MQTT-3.3.1-12"],
    alter: retains((right, message) => message.payload.length > 0 ? "store" : right),
  },
  {
    id: "plain-message-clears",
    description: "Messages without RETAIN remove the retained one",
    clauses: ["MQTT-3.3.1-12"],
    alter: retains((right) => right === "nothing" ? "clear" : right),
  },
  {
    id: "retained-qos0-not-kept",
    description: "A QoS 0 message with RETAIN does not replace the earlier retained one",
    clauses: ["MQTT-3.3.1-7"],
    alter: retains((right, message) => message.qos === 0 && right === "store" ? "nothing" : right),
  },
  {
    id: "retained-at-qos0",
    description: "Retained messages are stored with QoS 0",
    clauses: ["MQTT-3.3.1-5"],
    alter: (right) => ({ retained: (message) => ({ ...right.retained(message), qos: 0 }) }),
  },
  {
    id: "retained-not-sent",
    description: "A new subscription gets no retained messages",
    clauses: ["MQTT-3.3.1-6"],
    alter: () => ({ sendsRetained: () => false }),
  },
  {
    id: "retained-not-sent-again",
    description: "Subscribing again to the same filter gets no retained messages",
    clauses: ["MQTT-3.8.4-3"],
    alter: (right) => ({
      sendsRetained: (handling, existed) => !existed && right.sendsRetained(handling, existed),
    }),
  },
];
