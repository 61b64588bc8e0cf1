import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

/** Faults that show only where many of something are kept, queued or in flight. */
export const COUNTING_DEFECTS: readonly Defect[] = [
  {
    id: "retained-at-most-120",
    description: "A new subscription brings 120 retained messages at most",
    clauses: ["MQTT-3.3.1-6"],
    alter: (right) => ({ retainedOrder: (messages) => right.retainedOrder(messages).slice(0, 120) }),
  },
  {
    id: "queue-counted-in-a-byte",
    description: "The messages that wait for a client are counted in one byte, so that 256 of them are none",
    clauses: ["MQTT-3.1.2-5"],
    alter: (right) => ({
      onOpen: (session) => {
        right.onOpen(session);
        while (session.queue.size > 255) session.queue.take();
      },
    }),
  },
  {
    id: "subscriptions-at-most-200",
    description: "A client's subscriptions behind the 200th are granted, and bring nothing",
    clauses: ["MQTT-3.8.4-1", "MQTT-4.5.0-1"],
    alter: (right) => ({
      copies: (matching) =>
        right.copies(matching.filter(({ session, filter }) => {
          const place = [...session.subscriptions.keys()].indexOf(filter);
          return place < 200;
        })),
    }),
  },
  {
    id: "packet-ids-at-most-128",
    description: "Packet ids go up to 128, so that a message is lost where that many are in flight",
    clauses: ["MQTT-4.5.0-1"],
    alter: () => ({ nextPacketId: (last) => last % 128 + 1 }),
  },
  {
    id: "handshakes-at-most-64",
    description: "Of more than 64 unreleased QoS 2 messages of a client the oldest are taken for released",
    clauses: ["MQTT-4.3.3-2"],
    alter: (right) => ({
      isNew: (incoming) => {
        const { received } = incoming.session;
        const [oldest] = received.keys();
        if (received.size >= 64 && oldest !== undefined) received.delete(oldest);
        return right.isNew(incoming);
      },
    }),
  },
  {
    id: "session-worn-out",
    description: "A session that is resumed for the 100th time has lost its subscriptions",
    clauses: ["MQTT-3.1.2-4"],
    alter: (right) => {
      const stored = new WeakMap<Session, number>();
      return {
        onStore: (session, drop) => {
          right.onStore(session, drop);
          const times = (stored.get(session) ?? 0) + 1;
          stored.set(session, times);
          if (times >= 100) [...session.subscriptions.keys()].forEach(drop);
        },
      };
    },
  },
];
