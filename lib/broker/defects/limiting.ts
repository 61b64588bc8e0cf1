import type { Property } from "../../mqtt/packet.ts";
import { QOS_NOT_SUPPORTED, RECEIVE_MAXIMUM_EXCEEDED, RETAIN_NOT_SUPPORTED } from "../reasons.ts";
import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

/** A defect that accepts a PUBLISH although it must end the connection for this reason. */
const takes = (reason: number): Defect["alter"] => (right) => ({
  excess: (found, packet, session) => {
    const excess = right.excess(found, packet, session);
    return excess === reason ? undefined : excess;
  },
});

/** A defect that accepts a CONNECT that must be refused for this reason. */
const accepts = (reason: number): Defect["alter"] => (right) => ({
  connect: (verdict, packet) =>
    verdict.kind === "refuse" && verdict.reason === reason
      ? { kind: "accept" }
      : right.connect(verdict, packet),
});

/** Never frees the slot of the Receive Maximum that a QoS 2 message uses. */
const neverFreed: Defect["alter"] = (right) => {
  const taken = new WeakMap<Session, Set<number>>();
  return {
    excess: (found, packet, session) => {
      const { qos, packetId } = packet;
      const ids = taken.get(session) ?? new Set();
      taken.set(session, ids);
      if (qos === 2 && packetId !== undefined) ids.add(packetId);
      const full = ids.size > right.receiveMaximum("5.0");
      return full ? RECEIVE_MAXIMUM_EXCEEDED : right.excess(found, packet, session);
    },
  };
};

/** The properties of a CONNACK that announces each optional feature as unavailable. */
const DENIED: readonly Property[] = [
  { name: "maximumQoS", value: 1 },
  { name: "retainAvailable", value: 0 },
  { name: "wildcardSubscriptionAvailable", value: 0 },
  { name: "sharedSubscriptionAvailable", value: 0 },
  { name: "subscriptionIdentifierAvailable", value: 0 },
];

/** Faults of limits that CONNACK of 5.0 announces. They have no effect in a broker without limits. */
export const LIMIT_DEFECTS: readonly Defect[] = [
  {
    id: "maximum-qos-ignored",
    description: "A message above the announced Maximum QoS is accepted",
    clauses: ["MQTT-3.2.2-11"],
    beside: ["maximum-qos-1"],
    alter: takes(QOS_NOT_SUPPORTED),
  },
  {
    id: "maximum-qos-ignored-for-wills",
    description: "A will above the announced Maximum QoS is accepted",
    clauses: ["MQTT-3.2.2-12"],
    beside: ["maximum-qos-1"],
    alter: accepts(QOS_NOT_SUPPORTED),
  },
  {
    id: "maximum-qos-exceeded-in-suback",
    description: "SUBACK grants more than the announced Maximum QoS",
    clauses: ["MQTT-3.2.2-9", "MQTT-3.2.2-10"],
    beside: ["maximum-qos-1"],
    alter: () => ({ granted: (_, wished) => wished }),
  },
  {
    id: "retain-taken-though-unavailable",
    description: "A message with RETAIN 1 is accepted although CONNACK says Retain Available 0",
    clauses: ["MQTT-3.2.2-14"],
    beside: ["retain-unavailable"],
    alter: takes(RETAIN_NOT_SUPPORTED),
  },
  {
    id: "retained-will-accepted-though-unavailable",
    description: "A will with RETAIN 1 is accepted although CONNACK says Retain Available 0",
    clauses: ["MQTT-3.2.2-13"],
    beside: ["retain-unavailable"],
    alter: accepts(RETAIN_NOT_SUPPORTED),
  },
  {
    id: "maximum-packet-size-not-kept",
    description: "A packet above the announced Maximum Packet Size is accepted",
    clauses: ["MQTT-3.2.2-15"],
    beside: ["maximum-packet-size-512"],
    alter: (right) => ({
      maximumPacketSize: (configured) => configured,
      announces: (announced, packet) =>
        right.announces(announced, packet).map((one) =>
          one.name === "maximumPacketSize" && typeof one.value === "number"
            ? { ...one, value: right.maximumPacketSize(one.value, "5.0") }
            : one
        ),
    }),
  },
  {
    id: "receive-maximum-not-kept",
    description: "More messages in flight than the announced Receive Maximum are accepted",
    clauses: ["MQTT-3.3.4-7", "MQTT-4.9.0-1"],
    beside: ["receive-maximum-3"],
    alter: takes(RECEIVE_MAXIMUM_EXCEEDED),
  },
  {
    id: "receive-maximum-used-up",
    description: "A QoS 2 message permanently uses up one slot of the announced Receive Maximum",
    clauses: ["MQTT-3.3.4-7", "MQTT-4.9.0-2"],
    beside: ["receive-maximum-3"],
    alter: neverFreed,
  },
  {
    id: "limits-unsaid",
    description: "CONNACK omits Maximum QoS and the features that are not available",
    clauses: ["MQTT-3.2.2-9"],
    beside: ["maximum-qos-1", "retain-unavailable"],
    alter: (right) => ({
      announces: (announced, packet) =>
        right.announces(announced, packet).filter(({ name }) =>
          !DENIED.some((denied) => denied.name === name)
        ),
    }),
  },
  {
    id: "features-denied",
    description:
      "CONNACK announces QoS 2, retained messages, wildcards, shared subscriptions and subscription identifiers as unavailable",
    alter: (right) => ({
      announces: (announced, packet) => [...right.announces(announced, packet), ...DENIED],
    }),
  },
];
