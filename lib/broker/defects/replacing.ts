import type { BrokerBehaviour } from "../behaviour.ts";
import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

/** Whether a session is not its client's first one. */
type IsReplacement = (session: Session) => boolean;

/** A defect of sessions whose client had an earlier session; `opened` is called with each of these. */
const replacing = (
  alter: (right: BrokerBehaviour, isReplacement: IsReplacement) => Partial<BrokerBehaviour>,
  opened: (session: Session, before: Session) => void = () => {},
): Defect["alter"] =>
(right) => {
  const last = new Map<string, Session>();
  const replacements = new WeakSet<Session>();
  return {
    onOpen: (session) => {
      right.onOpen(session);
      const before = last.get(session.clientId);
      last.set(session.clientId, session);
      if (!before || before === session) return;
      replacements.add(session);
      opened(session, before);
    },
    ...alter(right, (session) => replacements.has(session)),
  };
};

/** Faults of a session that replaces an earlier one of its client. */
export const REPLACING_DEFECTS: readonly Defect[] = [
  {
    id: "replacement-gets-nothing",
    description: "A session that replaces another gets SUBACK for its subscriptions, but no messages",
    clauses: ["MQTT-3.8.4-1", "MQTT-4.5.0-1"],
    alter: replacing((right, isReplacement) => ({
      deliveries: (delivery, session) => isReplacement(session) ? [] : right.deliveries(delivery, session),
    })),
  },
  {
    id: "replacement-publishes-nothing",
    description:
      "QoS 1 and 2 messages from a session that replaces another are acknowledged but not delivered",
    clauses: ["MQTT-4.5.0-1"],
    alter: replacing((right, isReplacement) => ({
      isNew: (incoming) => !isReplacement(incoming.session) && right.isNew(incoming),
    })),
  },
  {
    id: "replacement-stores-nothing",
    description: "A session that replaces another stores no messages while its client is away",
    clauses: ["MQTT-3.1.2-5"],
    alter: replacing((right, isReplacement) => ({
      keepsOffline: (delivery, session) => !isReplacement(session) && right.keepsOffline(delivery, session),
    })),
  },
  {
    id: "replacement-has-no-will",
    description: "The broker forgets the will of a connection with a session that replaces another",
    clauses: ["MQTT-3.1.2-8"],
    alter: replacing(() => ({}), (session) => session.will = undefined),
  },
  {
    id: "replacement-loses-subscriptions",
    description: "A session that replaces another loses its subscriptions when its connection ends",
    clauses: ["MQTT-3.1.2-4", "MQTT-4.1.0-1"],
    alter: replacing((right, isReplacement) => ({
      onStore: (session, drop) => {
        right.onStore(session, drop);
        if (isReplacement(session)) [...session.subscriptions.keys()].forEach(drop);
      },
    })),
  },
  {
    id: "replacement-inherits-handshakes",
    description: "A session that replaces another inherits its unreleased QoS 2 packet ids",
    clauses: ["MQTT-3.1.2-6", "MQTT-4.3.3-2"],
    alter: replacing(() => ({}), (session, before) => {
      for (const [packetId, message] of before.received) session.received.set(packetId, message);
    }),
  },
];
