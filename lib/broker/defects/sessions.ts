import type { BrokerBehaviour, Resend } from "../behaviour.ts";
import type { Defect } from "./defect.ts";

const resends = (change: (due: readonly Resend[]) => readonly Resend[]): Defect["alter"] => (right) => ({
  resends: (due) => change(right.resends(due)),
});

const onStore = (change: BrokerBehaviour["onStore"]): Defect["alter"] => (right) => ({
  onStore: (session, drop) => {
    right.onStore(session, drop);
    change(session, drop);
  },
});

const shifted = (resend: Resend): Resend => ({ ...resend, packetId: (resend.packetId + 99) % 0xffff + 1 });

/** Faults of sessions, of their stored state, and of packets that are sent again. */
export const SESSION_DEFECTS: readonly Defect[] = [
  {
    id: "session-present-always",
    description: "Session Present is 1 although there was no session",
    clauses: ["MQTT-3.2.2-1", "MQTT-3.2.2-3"],
    alter: () => ({ sessionPresent: () => true }),
  },
  {
    id: "session-present-never",
    description: "Session Present is 0 although the session is resumed",
    clauses: ["MQTT-3.2.2-2"],
    alter: () => ({ sessionPresent: () => false }),
  },
  {
    id: "session-not-kept",
    description: "Every session ends with its connection",
    clauses: ["MQTT-3.1.2-4"],
    alter: () => ({ keptSeconds: () => 0 }),
  },
  {
    id: "clean-session-not-cleaned",
    description: "CleanSession 1 resumes the stored session",
    clauses: ["MQTT-3.1.2-6", "MQTT-3.2.2-1"],
    alter: () => ({ resumes: () => true }),
  },
  {
    id: "clean-session-kept",
    description: "The session of a CleanSession 1 connection is stored and resumed later",
    clauses: ["MQTT-3.1.2-6"],
    alter: () => ({ keptSeconds: () => Infinity }),
  },
  {
    id: "subscriptions-lost",
    description: "A stored session loses its subscriptions",
    clauses: ["MQTT-3.1.2-4", "MQTT-4.1.0-1"],
    alter: onStore((session, drop) => [...session.subscriptions.keys()].forEach(drop)),
  },
  {
    id: "offline-lost",
    description: "Messages published while a client is away are lost",
    clauses: ["MQTT-3.1.2-5"],
    alter: () => ({ keepsOffline: () => false }),
  },
  {
    id: "offline-qos1-lost",
    description: "QoS 1 messages published while a client is away are lost",
    clauses: ["MQTT-3.1.2-5"],
    alter: (right) => ({
      keepsOffline: (delivery, session) => delivery.qos !== 1 && right.keepsOffline(delivery, session),
    }),
  },
  {
    id: "offline-first-only",
    description: "Only the first message published while a client is away is stored",
    clauses: ["MQTT-3.1.2-5"],
    alter: (right) => ({
      keepsOffline: (delivery, session) => session.queue.size === 0 && right.keepsOffline(delivery, session),
    }),
  },
  {
    id: "in-flight-lost",
    description: "Unacknowledged messages are dropped when the connection ends",
    clauses: ["MQTT-4.4.0-1"],
    alter: onStore((session) => {
      session.unacknowledged.clear();
      session.released.clear();
    }),
  },
  {
    id: "resend-lost",
    description: "Unacknowledged PUBLISH packets are not resent when the session resumes",
    clauses: ["MQTT-4.4.0-1"],
    alter: resends((due) => due.filter((resend) => resend.type !== "PUBLISH")),
  },
  {
    id: "resend-new-id",
    description: "Unacknowledged PUBLISH packets are resent with another packet id",
    clauses: ["MQTT-4.4.0-1", "MQTT-2.3.1-4"],
    alter: resends((due) => due.map((resend) => resend.type === "PUBLISH" ? shifted(resend) : resend)),
  },
  {
    id: "resend-reversed",
    description: "Unacknowledged packets are resent in reverse order",
    clauses: ["MQTT-4.6.0-1", "MQTT-4.6.0-4"],
    alter: resends((due) => due.toReversed()),
  },
  {
    id: "resend-qos2-lost",
    description: "Unacknowledged QoS 2 PUBLISH packets are not resent when the session resumes",
    clauses: ["MQTT-4.4.0-1"],
    alter: resends((due) => due.filter((resend) => resend.type !== "PUBLISH" || resend.delivery.qos !== 2)),
  },
  {
    id: "publish-after-pubrel",
    description: "A PUBLISH is resent when the session resumes although its PUBREL was sent",
    clauses: ["MQTT-4.3.3-1"],
    alter: resends((due) => due.map((resend) => ({ ...resend, type: "PUBLISH" }))),
  },
  {
    id: "pubrel-not-resent",
    description: "PUBREL is not resent when the session resumes",
    clauses: ["MQTT-4.4.0-1"],
    alter: resends((due) => due.filter((resend) => resend.type !== "PUBREL")),
  },
  {
    id: "pubrel-resent-new-id",
    description: "PUBREL is resent with another packet id",
    clauses: ["MQTT-4.4.0-1"],
    alter: resends((due) => due.map((resend) => resend.type === "PUBREL" ? shifted(resend) : resend)),
  },
  {
    id: "qos2-received-forgotten",
    description: "The broker forgets unreleased QoS 2 messages when the connection ends",
    clauses: ["MQTT-4.3.3-2", "MQTT-4.1.0-1"],
    alter: onStore((session) => session.received.clear()),
  },
  {
    id: "takeover-leaves-old",
    description: "The older connection of a client id stays open when a new one connects",
    clauses: ["MQTT-3.1.4-2"],
    alter: () => ({ takesOver: false }),
  },
];
