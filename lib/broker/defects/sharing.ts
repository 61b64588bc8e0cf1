import { matches, sharedFilter } from "../../mqtt/topic.ts";
import type { Delivery } from "../message.ts";
import type { Session } from "../session.ts";
import { type Defect, tolerates } from "./defect.ts";

/** The connected sessions of a broker that passes a delivery on to another member of a group. */
class Members {
  readonly #sessions = new Set<Session>();

  add(session: Session): void {
    for (const one of this.#sessions) if (!one.peer) this.#sessions.delete(one);
    this.#sessions.add(session);
  }

  /** Passes a delivery of one member on to another; `filters` are the subscriptions of the first. */
  handOn(delivery: Delivery, from: Session, filters: readonly string[]): boolean {
    const groups = filters.filter((filter) => {
      const inner = sharedFilter(filter)?.filter;
      return inner !== undefined && matches(inner, delivery.message.topic);
    });
    for (const session of this.#sessions) {
      if (session === from || !session.peer || !groups.some((one) => session.subscriptions.has(one))) {
        continue;
      }
      session.peer.deliver(delivery);
      return true;
    }
    return false;
  }
}

const filtersOf = (session: Session): readonly string[] => [...session.subscriptions.keys()];

/** Passes QoS 2 messages in this stage of the handshake on to another member when one disconnects. */
const handsOnAtDrop = (stage: "unacknowledged" | "released"): Defect["alter"] => (right) => {
  const members = new Members();
  return {
    onOpen: (session) => {
      right.onOpen(session);
      members.add(session);
    },
    onStore: (session, drop) => {
      right.onStore(session, drop);
      for (const [packetId, delivery] of session[stage]) {
        if (delivery.qos !== 2) continue;
        if (members.handOn(delivery, session, filtersOf(session))) session[stage].delete(packetId);
      }
    },
  };
};

/** Passes a session's QoS 2 messages on to another member when another session replaces it. */
const handsOnAtSessionEnd: Defect["alter"] = (right) => {
  const members = new Members();
  const stored = new Map<string, { readonly session: Session; readonly filters: readonly string[] }>();
  return {
    onOpen: (session) => {
      right.onOpen(session);
      members.add(session);
      const before = stored.get(session.clientId);
      stored.delete(session.clientId);
      if (!before || before.session === session) return;
      for (const delivery of before.session.unacknowledged.values()) {
        if (delivery.qos === 2) members.handOn(delivery, session, before.filters);
      }
    },
    onStore: (session, drop) => {
      right.onStore(session, drop);
      stored.set(session.clientId, { session, filters: filtersOf(session) });
    },
  };
};

/** Passes a message that a member refuses at this QoS on to another one. */
const handsOnRefused = (qos: 1 | 2): Defect["alter"] => (right) => {
  const members = new Members();
  return {
    onOpen: (session) => {
      right.onOpen(session);
      members.add(session);
    },
    onRefused: (delivery, session) => {
      right.onRefused(delivery, session);
      if (delivery.qos === qos) members.handOn(delivery, session, filtersOf(session));
    },
  };
};

/** Sends no more messages to a member that has refused one, even if the group has no other member. */
const stuckAfterRefusal: Defect["alter"] = (right) => {
  const refused = new WeakSet<Session>();
  return {
    onRefused: (delivery, session) => {
      right.onRefused(delivery, session);
      refused.add(session);
    },
    sharedMembers: (members, turn) => {
      const left = members.filter(({ session }) => !refused.has(session));
      return left.length === 0 ? [] : right.sharedMembers(left, turn);
    },
  };
};

/** Faults of shared subscriptions. The clauses are those of 5.0. */
export const SHARING_DEFECTS: readonly Defect[] = [
  {
    id: "shared-qos2-handed-on-at-drop",
    description:
      "When a member of a shared subscription disconnects, its unacknowledged QoS 2 messages go to another member",
    clauses: ["MQTT-4.8.2-4"],
    alter: handsOnAtDrop("unacknowledged"),
  },
  {
    id: "shared-released-handed-on-at-drop",
    description:
      "When a member of a shared subscription disconnects, its incomplete messages go to another member",
    clauses: ["MQTT-4.8.2-4"],
    alter: handsOnAtDrop("released"),
  },
  {
    id: "shared-qos2-handed-on-at-session-end",
    description: "When a member's session ends, its unacknowledged QoS 2 messages go to another member",
    clauses: ["MQTT-4.8.2-5"],
    alter: handsOnAtSessionEnd,
  },
  {
    id: "shared-puback-refusal-handed-on",
    description:
      "A message that a member of a shared subscription refuses with PUBACK goes to another member",
    clauses: ["MQTT-4.8.2-6"],
    alter: handsOnRefused(1),
  },
  {
    id: "shared-pubrec-refusal-handed-on",
    description:
      "A message that a member of a shared subscription refuses with PUBREC goes to another member",
    clauses: ["MQTT-4.8.2-6"],
    alter: handsOnRefused(2),
  },
  {
    id: "shared-stuck-after-refusal",
    description: "A member of a shared subscription that refused a message gets no more messages",
    clauses: ["MQTT-4.8.2-6", "MQTT-4.8.2-1"],
    alter: stuckAfterRefusal,
  },
  {
    id: "share-name-empty-granted",
    description: "A shared subscription with an empty share name is granted",
    clauses: ["MQTT-4.8.2-1"],
    alter: tolerates(["share-name-empty"], "SUBSCRIBE"),
  },
  {
    id: "share-name-wildcard-granted",
    description: "A shared subscription with a wildcard in its share name is granted",
    clauses: ["MQTT-4.8.2-2"],
    alter: tolerates(["share-name-wildcard"], "SUBSCRIBE"),
  },
  {
    id: "share-without-filter-granted",
    description: "A shared subscription without a filter after its share name is granted",
    clauses: ["MQTT-4.8.2-2"],
    alter: tolerates(["share-without-filter"], "SUBSCRIBE"),
  },
];
