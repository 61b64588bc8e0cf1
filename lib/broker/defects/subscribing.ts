import { matches } from "../../mqtt/topic.ts";
import type { Defect } from "./defect.ts";

/** Faults of SUBSCRIBE and UNSUBSCRIBE. */
export const SUBSCRIBE_DEFECTS: readonly Defect[] = [
  {
    id: "subscribes-first-only",
    description: "Only the first filter of a SUBSCRIBE is subscribed",
    clauses: ["MQTT-3.8.4-4"],
    alter: () => ({ subscribesTo: (subscriptions) => subscriptions.slice(0, 1) }),
  },
  {
    id: "grants-qos1-at-most",
    description: "QoS 2 is granted in SUBACK, but messages are delivered at QoS 1",
    clauses: ["MQTT-3.8.4-6"],
    alter: (right) => ({
      deliveryQos: (published, granted) => {
        const qos = right.deliveryQos(published, granted);
        return qos === 2 ? 1 : qos;
      },
    }),
  },
  {
    id: "grants-qos0",
    description: "Every subscription is granted QoS 0",
    alter: () => ({ granted: () => 0 }),
  },
  {
    id: "resubscribe-keeps-old",
    description: "Subscribing again to the same filter keeps the old QoS",
    clauses: ["MQTT-3.8.4-3"],
    alter: () => ({ replacesSubscription: false }),
  },
  {
    id: "unsubscribe-ignored",
    description: "UNSUBSCRIBE is answered, but the subscription stays",
    clauses: ["MQTT-3.10.4-2"],
    alter: () => ({ unsubscribes: () => [] }),
  },
  {
    id: "unsubscribes-first-only",
    description: "Only the first filter of an UNSUBSCRIBE is unsubscribed",
    clauses: ["MQTT-3.10.4-6"],
    alter: (right) => ({ unsubscribes: (filters, held) => right.unsubscribes(filters.slice(0, 1), held) }),
  },
  {
    id: "unsubscribe-by-match",
    description: "UNSUBSCRIBE also removes the subscriptions that its filter matches",
    clauses: ["MQTT-3.10.4-1"],
    alter: () => ({
      unsubscribes: (filters, held) =>
        held.filter((one) => filters.some((filter) => filter === one || matches(filter, one))),
    }),
  },
  {
    id: "unsubscribe-by-prefix",
    description: "UNSUBSCRIBE also removes subscriptions to filters that begin with its own",
    clauses: ["MQTT-3.10.4-1"],
    alter: () => ({
      unsubscribes: (filters, held) => held.filter((one) => filters.some((filter) => one.startsWith(filter))),
    }),
  },
  {
    id: "unsubscribe-drops-in-flight",
    description: "UNSUBSCRIBE drops the deliveries that were started, and a PUBREC for one is not answered",
    clauses: ["MQTT-3.10.4-3"],
    alter: () => ({ unsubscribeKeepsInFlight: false, answersUnknownPubrec: false }),
  },
  {
    id: "unsuback-only-if-subscribed",
    description: "An UNSUBSCRIBE without a matching subscription is not answered",
    clauses: ["MQTT-3.10.4-5"],
    alter: () => ({ answersVainUnsubscribe: false }),
  },
];
