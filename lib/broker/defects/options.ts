import type { Held } from "../session.ts";
import type { Defect } from "./defect.ts";

/** A defect that drops one option of each subscription when its session is resumed. */
const lostWithConnection = (lost: "noLocal" | "retainAsPublished"): Defect["alter"] => (right) => {
  const old = new WeakSet<Held>();
  return {
    [lost]: (held: Held, ...more: [never, never]) => !old.has(held) && right[lost](held, ...more),
    onOpen: (session) => {
      right.onOpen(session);
      for (const held of session.subscriptions.values()) old.add(held);
    },
  };
};

/** A defect that keeps one option of the subscription that is replaced. */
const kept = (option: "noLocal" | "retainAsPublished"): Defect["alter"] => (right) => ({
  options: (asked, before, packet) => {
    const options = right.options(asked, before, packet);
    return before ? { ...options, [option]: before[option] } : options;
  },
});

/** Faults of subscription options. The clauses are those of 5.0. */
export const OPTION_DEFECTS: readonly Defect[] = [
  {
    id: "no-local-at-qos0-only",
    description: "No Local suppresses only a client's own QoS 0 messages",
    clauses: ["MQTT-3.8.3-3"],
    alter: (right) => ({
      noLocal: (held, message, matching) => message.qos === 0 && right.noLocal(held, message, matching),
    }),
  },
  {
    id: "no-local-spreads",
    description:
      "A subscription with No Local suppresses a client's own messages for all its subscriptions that match",
    clauses: ["MQTT-3.8.3-3", "MQTT-4.5.0-1"],
    alter: (right) => ({
      noLocal: (_, message, matching) => matching.some((held) => right.noLocal(held, message, matching)),
    }),
  },
  {
    id: "no-local-hides-retained",
    description: "A new subscription with No Local gets no retained messages",
    clauses: ["MQTT-3.3.1-9"],
    alter: (right) => ({
      options: (asked, before, packet) => {
        const options = right.options(asked, before, packet);
        return options.noLocal ? { ...options, retainHandling: 2 } : options;
      },
    }),
  },
  {
    id: "no-local-lost-with-connection",
    description: "A resumed session loses the No Local option of its subscriptions",
    clauses: ["MQTT-3.8.3-3", "MQTT-4.1.0-1"],
    alter: lostWithConnection("noLocal"),
  },
  {
    id: "no-local-kept",
    description: "Subscribing again with another No Local keeps the old value",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.8.3-3"],
    alter: kept("noLocal"),
  },
  {
    id: "retain-as-published-ignored",
    description: "Live messages have RETAIN 0, whatever Retain As Published is",
    clauses: ["MQTT-3.3.1-13"],
    alter: () => ({ retainAsPublished: () => false }),
  },
  {
    id: "retain-as-published-lost-in-queue",
    description: "Messages that waited for a client have RETAIN 0, whatever Retain As Published is",
    clauses: ["MQTT-3.3.1-13"],
    alter: (right) => ({
      retainAsPublished: (held, message) =>
        held.session.peer !== undefined && right.retainAsPublished(held, message),
    }),
  },
  {
    id: "retain-as-published-lost-with-connection",
    description: "A resumed session loses the Retain As Published option of its subscriptions",
    clauses: ["MQTT-3.3.1-13", "MQTT-4.1.0-1"],
    alter: lostWithConnection("retainAsPublished"),
  },
  {
    id: "retain-as-published-kept",
    description: "Subscribing again with another Retain As Published keeps the old value",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.3.1-13"],
    alter: kept("retainAsPublished"),
  },
  {
    id: "retain-handling-1-ignored",
    description:
      "With Retain Handling 1, retained messages are sent even for a subscription that already existed",
    clauses: ["MQTT-3.3.1-10"],
    alter: (right) => ({
      sendsRetained: (handling, existed) => handling === 1 || right.sendsRetained(handling, existed),
    }),
  },
  {
    id: "retain-handling-1-by-options",
    description:
      "With Retain Handling 1, retained messages are sent again if the QoS of a subscription changes",
    clauses: ["MQTT-3.3.1-10"],
    alter: (right) => ({
      options: (asked, before, packet) => {
        const options = right.options(asked, before, packet);
        const again = before && before.qos !== options.qos && options.retainHandling === 1;
        return again ? { ...options, retainHandling: 0 } : options;
      },
    }),
  },
  {
    id: "retain-handling-2-ignored",
    description: "With Retain Handling 2, retained messages are sent for a new subscription",
    clauses: ["MQTT-3.3.1-11"],
    alter: (right) => ({
      sendsRetained: (handling, existed) =>
        handling === 2 ? !existed : right.sendsRetained(handling, existed),
    }),
  },
  {
    id: "options-of-the-first-filter",
    description:
      "All filters of a SUBSCRIBE get the No Local, Retain As Published and Retain Handling of the first",
    clauses: ["MQTT-3.8.4-5", "MQTT-3.8.3-3"],
    alter: (right) => ({
      options: (asked, before, packet) => {
        const { noLocal, retainAsPublished, retainHandling } = packet.subscriptions[0] ?? asked;
        return right.options({ ...asked, noLocal, retainAsPublished, retainHandling }, before, packet);
      },
    }),
  },
];
