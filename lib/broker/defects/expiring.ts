import type { BrokerBehaviour } from "../behaviour.ts";
import type { Delivery, Message } from "../message.ts";
import { type Defect, sends } from "./defect.ts";

/** A defect that sends some deliveries with the interval that their message arrived with. */
const unchanged = (isMeant: (delivery: Delivery) => boolean): Defect["alter"] => (right) => {
  const intervals = new WeakMap<Message, number>();
  const note = (message: Message) => {
    if (message.expiresAt === undefined || intervals.has(message)) return;
    intervals.set(message, Math.round((message.expiresAt - performance.now()) / 1000));
  };
  return {
    retained: (message) => {
      const kept = right.retained(message);
      note(kept);
      return kept;
    },
    deliveries: (delivery, session) => {
      note(delivery.message);
      return right.deliveries(delivery, session);
    },
    secondsLeft: (left, delivery) =>
      isMeant(delivery)
        ? intervals.get(delivery.message) ?? right.secondsLeft(left, delivery)
        : right.secondsLeft(left, delivery),
  };
};

/** Counts the interval of a will from the start of its connection. */
const willFromConnect: Defect["alter"] = (right) => {
  const begun = new Map<string, number>();
  return {
    onOpen: (session) => {
      right.onOpen(session);
      begun.set(session.clientId, performance.now());
    },
    wills: (message) =>
      right.wills(message).map((will) => {
        const since = performance.now() - (begun.get(will.publisher) ?? performance.now());
        return will.expiresAt === undefined ? will : { ...will, expiresAt: will.expiresAt - since };
      }),
  };
};

/** Removes the retained message that replaced an expiring one when the old one expires. */
const expiryInherited: Defect["alter"] = (right) => {
  let before: Message | undefined;
  return {
    retains: (message, found) => {
      before = found;
      return right.retains(message, found);
    },
    retained: (message) => {
      const kept = right.retained(message);
      return { ...kept, expiresAt: kept.expiresAt ?? before?.expiresAt };
    },
  };
};

const keeps = (where: "queue" | "store"): Defect["alter"] => (right: BrokerBehaviour) => ({
  dropsExpired: (found) => found !== where && right.dropsExpired(found),
});

/** Faults of the Message Expiry Interval. The clauses are those of 5.0. */
export const EXPIRY_DEFECTS: readonly Defect[] = [
  {
    id: "queued-expiry-unchanged",
    description: "A message that waited is sent with its original Message Expiry Interval",
    clauses: ["MQTT-3.3.2-6"],
    alter: unchanged((delivery) => !delivery.retain),
  },
  {
    id: "retained-expiry-unchanged",
    description: "A retained message is sent with its original Message Expiry Interval",
    clauses: ["MQTT-3.3.2-6"],
    alter: unchanged((delivery) => delivery.retain),
  },
  {
    id: "expiry-lost",
    description: "Messages are sent without their Message Expiry Interval",
    clauses: ["MQTT-3.3.2-6"],
    alter: sends("PUBLISH", (packet) => [{
      ...packet,
      properties: packet.properties?.filter(({ name }) => name !== "messageExpiryInterval"),
    }]),
  },
  {
    id: "expiry-added",
    description: "A message without a Message Expiry Interval is sent with one of an hour",
    clauses: ["MQTT-3.3.2-6"],
    alter: sends("PUBLISH", (packet, version) => {
      const { properties = [] } = packet;
      if (version !== "5.0" || properties.some(({ name }) => name === "messageExpiryInterval")) {
        return [packet];
      }
      return [{ ...packet, properties: [...properties, { name: "messageExpiryInterval", value: 3600 }] }];
    }),
  },
  {
    id: "expiry-of-31-bits",
    description: "A Message Expiry Interval above 2,147,483,647 s is sent without its highest bit",
    clauses: ["MQTT-3.3.2-6"],
    alter: (right) => ({
      secondsLeft: (left, delivery) => right.secondsLeft(left, delivery) & 0x7fff_ffff,
    }),
  },
  {
    id: "will-expiry-from-connect",
    description: "The Message Expiry Interval of a will is counted from its CONNECT",
    clauses: ["MQTT-3.3.2-6"],
    alter: willFromConnect,
  },
  {
    id: "expired-in-queue-sent",
    description: "A message that expired while it waited for a client is delivered",
    clauses: ["MQTT-3.3.2-5"],
    alter: keeps("queue"),
  },
  {
    id: "expired-retained-sent",
    description: "An expired retained message is sent to new subscriptions",
    clauses: ["MQTT-3.3.2-5"],
    alter: keeps("store"),
  },
  {
    id: "expired-takes-a-place",
    description:
      "A message that expires in the queue permanently uses up one slot of the client's Receive Maximum",
    clauses: ["MQTT-4.9.0-2"],
    alter: () => ({ expiredMakesRoom: false }),
  },
  {
    id: "expiry-inherited",
    description:
      "A retained message that replaces one with a Message Expiry Interval expires when the replaced one would have",
    clauses: ["MQTT-3.3.1-5"],
    alter: expiryInherited,
  },
];
