import type { BrokerState, StoredSession } from "../state.ts";
import type { Defect } from "./defect.ts";

const restores = (change: (state: BrokerState) => BrokerState): Defect["alter"] => (right) => ({
  restores: (state) => change(right.restores(state)),
});

const withSessions = (change: (session: StoredSession) => Partial<StoredSession>): Defect["alter"] =>
  restores((state) => ({
    ...state,
    sessions: state.sessions.map((session) => ({ ...session, ...change(session) })),
  }));

/** Faults of a restarted broker. */
export const RESTART_DEFECTS: readonly Defect[] = [
  {
    id: "restart-loses-retained",
    description: "Retained messages do not survive a restart",
    clauses: ["MQTT-3.3.1-5"],
    alter: restores((state) => ({ ...state, retained: [] })),
  },
  {
    id: "restart-loses-sessions",
    description: "Sessions do not survive a restart",
    clauses: ["MQTT-4.1.0-1"],
    alter: restores((state) => ({ ...state, sessions: [] })),
  },
  {
    id: "restart-loses-subscriptions",
    description: "A session loses its subscriptions in a restart",
    clauses: ["MQTT-3.1.2-4"],
    alter: withSessions(() => ({ subscriptions: [] })),
  },
  {
    id: "restart-loses-queue",
    description: "Messages queued for a client do not survive a restart",
    clauses: ["MQTT-3.1.2-5"],
    alter: withSessions(() => ({ queue: [] })),
  },
  {
    id: "restart-loses-unacknowledged",
    description: "Unacknowledged messages do not survive a restart",
    clauses: ["MQTT-4.4.0-1"],
    alter: withSessions(() => ({ unacknowledged: [], released: [] })),
  },
  {
    id: "restart-forgets-received",
    description: "After a restart, a QoS 2 message accepted before it counts as new",
    clauses: ["MQTT-4.3.3-2"],
    alter: withSessions(() => ({ received: [] })),
  },
  {
    id: "restart-doubles-queue",
    description: "Messages queued for a client are delivered twice after a restart",
    clauses: ["MQTT-4.3.3-2"],
    alter: withSessions(({ queue }) => ({ queue: [...queue, ...queue] })),
  },
];
