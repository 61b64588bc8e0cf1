import type { Held } from "../session.ts";
import type { Defect } from "./defect.ts";

/** A defect for which the options of each subscription are lost once its session is taken up again. */
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

/** A defect in which one option of the subscription that is replaced stays in force. */
const kept = (option: "noLocal" | "retainAsPublished"): Defect["alter"] => (right) => ({
  options: (asked, before, packet) => {
    const options = right.options(asked, before, packet);
    return before ? { ...options, [option]: before[option] } : options;
  },
});

/** Faults of the options of a subscription. The clauses are those of 5.0. */
export const OPTION_DEFECTS: readonly Defect[] = [
  {
    id: "no-local-at-qos0-only",
    description: "No Local keeps a client's own messages of QoS 0 from it, and no others",
    clauses: ["MQTT-3.8.3-3"],
    alter: (right) => ({
      noLocal: (held, message, matching) => message.qos === 0 && right.noLocal(held, message, matching),
    }),
  },
  {
    id: "no-local-spreads",
    description:
      "A subscription with No Local keeps a client's own messages from all its subscriptions that match",
    clauses: ["MQTT-3.8.3-3", "MQTT-4.5.0-1"],
    alter: (right) => ({
      noLocal: (_, message, matching) => matching.some((held) => right.noLocal(held, message, matching)),
    }),
  },
  {
    id: "no-local-hides-retained",
    description: "A new subscription with No Local brings no retained messages",
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
    description: "A session that is taken up again has lost the No Local of its subscriptions",
    clauses: ["MQTT-3.8.3-3", "MQTT-4.1.0-1"],
    alter: lostWithConnection("noLocal"),
  },
  {
    id: "no-local-kept",
    description: "Subscribing again with another No Local leaves the old one in force",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.8.3-3"],
    alter: kept("noLocal"),
  },
  {
    id: "retain-as-published-ignored",
    description: "Live messages have RETAIN 0, whatever Retain As Published",
    clauses: ["MQTT-3.3.1-13"],
    alter: () => ({ retainAsPublished: () => false }),
  },
  {
    id: "retain-as-published-lost-in-queue",
    description: "Messages that wait for a client have RETAIN 0, whatever Retain As Published",
    clauses: ["MQTT-3.3.1-13"],
    alter: (right) => ({
      retainAsPublished: (held, message) =>
        held.session.peer !== undefined && right.retainAsPublished(held, message),
    }),
  },
  {
    id: "retain-as-published-lost-with-connection",
    description: "A session that is taken up again has lost the Retain As Published of its subscriptions",
    clauses: ["MQTT-3.3.1-13", "MQTT-4.1.0-1"],
    alter: lostWithConnection("retainAsPublished"),
  },
  {
    id: "retain-as-published-kept",
    description: "Subscribing again with another Retain As Published leaves the old one in force",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.3.1-13"],
    alter: kept("retainAsPublished"),
  },
  {
    id: "retain-handling-1-ignored",
    description:
      "With Retain Handling 1 retained messages are sent for a subscription that was there before too",
    clauses: ["MQTT-3.3.1-10"],
    alter: (right) => ({
      sendsRetained: (handling, existed) => handling === 1 || right.sendsRetained(handling, existed),
    }),
  },
  {
    id: "retain-handling-1-by-options",
    description:
      "With Retain Handling 1 retained messages are sent again for a filter that is subscribed to with another QoS",
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
    description: "With Retain Handling 2 retained messages are sent for a new subscription",
    clauses: ["MQTT-3.3.1-11"],
    alter: (right) => ({
      sendsRetained: (handling, existed) =>
        handling === 2 ? !existed : right.sendsRetained(handling, existed),
    }),
  },
  {
    id: "options-of-the-first-filter",
    description:
      "All filters of a SUBSCRIBE have the No Local, Retain As Published and Retain Handling of the first",
    clauses: ["MQTT-3.8.4-5", "MQTT-3.8.3-3"],
    alter: (right) => ({
      options: (asked, before, packet) => {
        const { noLocal, retainAsPublished, retainHandling } = packet.subscriptions[0] ?? asked;
        return right.options({ ...asked, noLocal, retainAsPublished, retainHandling }, before, packet);
      },
    }),
  },
];
