import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

/** Faults that show only when many of something are kept, queued or in flight. */
export const COUNTING_DEFECTS: readonly Defect[] = [
  {
    id: "retained-at-most-120",
    description: "A new subscription gets at most 120 retained messages",
    clauses: ["MQTT-3.3.1-6"],
    alter: (right) => ({ retainedOrder: (messages) => right.retainedOrder(messages).slice(0, 120) }),
  },
  {
    id: "queue-counted-in-a-byte",
    description: "Messages queued for a client are counted in one byte, so 256 of them count as none",
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
    description: "Subscriptions after a client's 200th are granted but get no messages",
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
    description: "Packet ids end at 128, so a message is lost when that many are in flight",
    clauses: ["MQTT-4.5.0-1"],
    alter: () => ({ nextPacketId: (last) => last % 128 + 1 }),
  },
  {
    id: "handshakes-at-most-64",
    description: "If a client has more than 64 unreleased QoS 2 messages, the oldest count as released",
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
    description: "A session loses its subscriptions when it is resumed for the 100th time",
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
