import { sharedFilter } from "../../mqtt/topic.ts";
import { type Message, propertyValue } from "../message.ts";
import type { Held } from "../session.ts";
import { type Defect, tolerates } from "./defect.ts";

/** A defect that drops the identifiers of some subscriptions from a delivery. */
const loses = (isMeant: (held: Held, from: "live" | "store") => boolean): Defect["alter"] => (right) => ({
  identifiers: (held, from) => right.identifiers(held.filter((one) => !isMeant(one, from)), from),
});

/** Drops the identifiers of subscriptions when their session is resumed. */
const lostWithConnection: Defect["alter"] = (right) => {
  const old = new WeakSet<Held>();
  return {
    ...loses((held) => old.has(held))(right),
    onOpen: (session) => {
      right.onOpen(session);
      for (const held of session.subscriptions.values()) old.add(held);
    },
  };
};

/** Delivers wills without identifiers. */
const lostOnWills: Defect["alter"] = (right) => {
  const wills = new WeakSet<Message>();
  return {
    wills: (message) => {
      const due = right.wills(message);
      for (const will of due) wills.add(will);
      return due;
    },
    deliveries: (delivery, session) =>
      right.deliveries(delivery, session).map((one) =>
        wills.has(one.message) ? { ...one, identifiers: [] } : one
      ),
  };
};

/** Keeps one identifier per filter, whoever subscribes to it. */
const onePerFilter: Defect["alter"] = (right) => {
  const byFilter = new Map<string, number>();
  return {
    identifier: (asked, filter, before) => {
      const given = right.identifier(asked, filter, before);
      if (given !== undefined) byFilter.set(filter, given);
      return given;
    },
    identifiers: (held, from) =>
      right.identifiers(held.map((one) => ({ ...one, identifier: byFilter.get(one.filter) })), from),
  };
};

/** Faults of subscription identifiers. The clauses are those of 5.0. */
export const IDENTIFIER_DEFECTS: readonly Defect[] = [
  {
    id: "identifier-lost-on-live",
    description: "Messages that are delivered at once have no subscription identifier",
    clauses: ["MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5"],
    alter: loses(({ session }, from) => from === "live" && session.peer !== undefined),
  },
  {
    id: "identifier-last-only",
    description: "If several subscriptions match, only the identifier of the last is sent",
    clauses: ["MQTT-3.3.4-4"],
    alter: (right) => ({ identifiers: (held, from) => right.identifiers(held, from).slice(-1) }),
  },
  {
    id: "identifiers-of-all-subscriptions",
    description:
      "Deliveries have the identifiers of all the client's subscriptions, even of those that do not match",
    clauses: ["MQTT-3.3.4-3", "MQTT-3.3.4-5"],
    alter: (right) => ({
      identifiers: (held, from) =>
        right.identifiers(held.flatMap(({ session }) => [...session.subscriptions.values()]), from),
    }),
  },
  {
    id: "identifier-of-another-client",
    description: "Clients with the same filter all get the identifier set last",
    clauses: ["MQTT-3.3.4-3"],
    alter: onePerFilter,
  },
  {
    id: "identifier-lost-on-retained",
    description: "Retained messages have no subscription identifier",
    clauses: ["MQTT-3.3.4-3"],
    alter: loses((_, from) => from === "store"),
  },
  {
    id: "identifier-lost-on-queued",
    description: "Messages that waited have no subscription identifier",
    clauses: ["MQTT-3.3.4-3"],
    alter: loses(({ session }) => session.peer === undefined),
  },
  {
    id: "identifier-lost-on-shared",
    description: "Messages to a shared subscription have no subscription identifier",
    clauses: ["MQTT-3.3.4-3"],
    alter: loses(({ filter, shared }) => shared && sharedFilter(filter) !== undefined),
  },
  {
    id: "identifier-lost-on-wills",
    description: "Wills have no subscription identifier",
    clauses: ["MQTT-3.3.4-3"],
    alter: lostOnWills,
  },
  {
    id: "identifier-lost-with-connection",
    description: "A resumed session loses the identifiers of its subscriptions",
    clauses: ["MQTT-3.3.4-3"],
    alter: lostWithConnection,
  },
  {
    id: "identifier-kept",
    description: "Subscribing again without a subscription identifier keeps the old one",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.3.4-3"],
    alter: (right) => ({
      identifier: (asked, filter, before) => right.identifier(asked, filter, before) ?? before?.identifier,
    }),
  },
  {
    id: "identifier-first-stays",
    description: "Subscribing again with another subscription identifier keeps the old one",
    clauses: ["MQTT-3.8.4-3", "MQTT-3.3.4-3"],
    alter: (right) => ({
      identifier: (asked, filter, before) => {
        const given = right.identifier(asked, filter, before);
        return given === undefined ? undefined : before?.identifier ?? given;
      },
    }),
  },
  {
    id: "identifier-of-14-bits",
    description: "Subscription identifiers are cut to their lowest 14 bits, and dropped if these are 0",
    clauses: ["MQTT-3.3.4-3"],
    alter: (right) => ({
      identifier: (asked, filter, before) => {
        const given = right.identifier(asked, filter, before);
        return given === undefined ? undefined : given & 0x3fff || undefined;
      },
    }),
  },
  {
    id: "identifier-from-client-passed-on",
    description: "A PUBLISH with a subscription identifier is accepted and forwarded with it",
    clauses: ["MQTT-3.3.4-6"],
    alter: (right) => ({
      ...tolerates(["property-misplaced"], "PUBLISH")(right),
      passesOn: (passed, all) => {
        const value = propertyValue(all, "subscriptionIdentifier");
        const properties = right.passesOn(passed, all);
        return value === undefined ? properties : [...properties, { name: "subscriptionIdentifier", value }];
      },
    }),
  },
  {
    id: "identifier-zero-taken",
    description: "A SUBSCRIBE with Subscription Identifier 0 is granted",
    clauses: ["MQTT-4.13.1-1"],
    alter: tolerates(["property-range"], "SUBSCRIBE"),
  },
  {
    id: "identifier-twice-taken",
    description: "A SUBSCRIBE with two subscription identifiers is granted",
    clauses: ["MQTT-4.13.1-1"],
    alter: tolerates(["property-twice"], "SUBSCRIBE"),
  },
];
