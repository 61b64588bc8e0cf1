import type { Property } from "../../mqtt/packet.ts";
import { sharedFilter } from "../../mqtt/topic.ts";
import type { Delivery, Message } from "../message.ts";
import type { Session } from "../session.ts";
import { type Defect, tolerates } from "./defect.ts";

type Change = (properties: readonly Property[]) => readonly Property[];

const without = (name: string): Change => (properties) =>
  properties.filter((property) => property.name !== name);

const bare = (message: Message): Message => ({ ...message, properties: [] });

/** A defect that changes the properties of each published message. */
const publishes = (change: Change): Defect["alter"] => (right) => ({
  passesOn: (passed, all) => change(right.passesOn(passed, all)),
});

/** A defect that changes the user properties among them, and keeps the others. */
const changesUser = (change: Change): Defect["alter"] =>
  publishes((properties) => [
    ...without("userProperty")(properties),
    ...change(properties.filter(({ name }) => name === "userProperty")),
  ]);

/** A defect that sends some deliveries without properties. */
const delivers =
  (isMeant: (delivery: Delivery, session: Session) => boolean): Defect["alter"] => (right) => ({
    deliveries: (delivery, session) =>
      right.deliveries(delivery, session).map((one) =>
        isMeant(one, session) ? { ...one, message: bare(one.message) } : one
      ),
  });

const nameOf = ({ value }: Property): string =>
  typeof value === "object" && "0" in value ? String(value[0]) : "";

const byName = (a: Property, b: Property): number =>
  nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0;

function cutAt127({ name, value }: Property): Property {
  if (typeof value === "string") return { name, value: value.slice(0, 127) };
  if (value instanceof Uint8Array) return { name, value: value.subarray(0, 127) };
  return { name, value };
}

function asText({ name, value }: Property): Property {
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
  return { name, value: text === undefined ? value : new TextEncoder().encode(text) };
}

/** A message without properties gets those of the message before it. */
const inherited: Defect["alter"] = (right) => {
  let before: readonly Property[] = [];
  return {
    passesOn: (passed, all) => {
      const own = right.passesOn(passed, all);
      if (own.length > 0) before = own;
      return before;
    },
  };
};

const PASSED_ON = ["MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-20"];

/** Faults of a message's properties between publisher and subscriber. The clauses are those of 5.0. */
export const CARRYING_DEFECTS: readonly Defect[] = [
  {
    id: "format-indicator-lost",
    description: "Messages are forwarded without their Payload Format Indicator",
    clauses: ["MQTT-3.3.2-4"],
    alter: publishes(without("payloadFormatIndicator")),
  },
  {
    id: "format-indicator-raised",
    description: "A Payload Format Indicator of 0 is forwarded as 1",
    clauses: ["MQTT-3.3.2-4"],
    alter: publishes((properties) =>
      properties.map((one) => one.name === "payloadFormatIndicator" ? { ...one, value: 1 } : one)
    ),
  },
  {
    id: "response-topic-lost",
    description: "Messages are forwarded without their Response Topic",
    clauses: ["MQTT-3.3.2-15"],
    alter: publishes(without("responseTopic")),
  },
  {
    id: "response-topic-wildcard-taken",
    description: "A message or will with a wildcard in its Response Topic is forwarded",
    clauses: ["MQTT-3.3.2-14"],
    alter: tolerates(["response-topic-wildcard"]),
  },
  {
    id: "correlation-data-lost",
    description: "Messages are forwarded without their Correlation Data",
    clauses: ["MQTT-3.3.2-16"],
    alter: publishes(without("correlationData")),
  },
  {
    id: "correlation-data-as-text",
    description: "Correlation Data is decoded and encoded as UTF-8, which changes bytes that are not UTF-8",
    clauses: ["MQTT-3.3.2-16"],
    alter: publishes((properties) => properties.map(asText)),
  },
  {
    id: "content-type-lost",
    description: "Messages are forwarded without their Content Type",
    clauses: ["MQTT-3.3.2-20"],
    alter: publishes(without("contentType")),
  },
  {
    id: "user-properties-lost",
    description: "Messages are forwarded without their user properties",
    clauses: ["MQTT-3.3.2-17"],
    alter: publishes(without("userProperty")),
  },
  {
    id: "user-properties-reversed",
    description: "A message's user properties are forwarded in reverse order",
    clauses: ["MQTT-3.3.2-18"],
    alter: changesUser((properties) => properties.toReversed()),
  },
  {
    id: "user-properties-sorted",
    description: "A message's user properties are forwarded sorted by name",
    clauses: ["MQTT-3.3.2-18"],
    alter: changesUser((properties) => properties.toSorted(byName)),
  },
  {
    id: "user-properties-merged",
    description: "If several user properties have the same name, only the last is forwarded",
    clauses: ["MQTT-3.3.2-17"],
    alter: changesUser((properties) => [...new Map(properties.map((one) => [nameOf(one), one])).values()]),
  },
  {
    id: "nameless-user-properties-lost",
    description: "User properties with an empty name are not forwarded",
    clauses: ["MQTT-3.3.2-17"],
    alter: changesUser((properties) => properties.filter((one) => nameOf(one) !== "")),
  },
  {
    id: "property-values-cut-at-127",
    description: "Content Type, Response Topic and Correlation Data are cut to 127 bytes",
    clauses: ["MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-20"],
    alter: publishes((properties) => properties.map(cutAt127)),
  },
  {
    id: "properties-inherited",
    description: "A message without properties is forwarded with those of the previous message",
    clauses: PASSED_ON,
    alter: inherited,
  },
  {
    id: "live-properties-lost",
    description: "Messages that are delivered at once lose their properties",
    clauses: PASSED_ON,
    alter: delivers((delivery, session) => session.peer !== undefined && !delivery.retain),
  },
  {
    id: "queued-properties-lost",
    description: "Messages queued for a client lose their properties",
    clauses: PASSED_ON,
    alter: delivers((_, session) => session.peer === undefined),
  },
  {
    id: "resent-properties-lost",
    description: "Resent messages have no properties",
    clauses: PASSED_ON,
    alter: (right) => ({
      resends: (due) =>
        right.resends(due).map((one) => ({
          ...one,
          delivery: { ...one.delivery, message: bare(one.delivery.message) },
        })),
    }),
  },
  {
    id: "retained-properties-lost",
    description: "Messages are retained without their properties",
    clauses: PASSED_ON,
    alter: (right) => ({ retained: (message) => bare(right.retained(message)) }),
  },
  {
    id: "restart-loses-properties",
    description: "Retained messages have no properties after a restart",
    clauses: PASSED_ON,
    alter: (right) => ({
      restores: (state) => {
        const { retained, sessions } = right.restores(state);
        return { retained: retained.map(bare), sessions };
      },
    }),
  },
  {
    id: "will-properties-lost",
    description: "Wills are published without their properties",
    clauses: ["MQTT-3.1.3-10", ...PASSED_ON],
    alter: (right) => ({ wills: (message) => right.wills(message).map(bare) }),
  },
  {
    id: "will-user-properties-reversed",
    description: "Wills are published with their user properties in reverse order",
    clauses: ["MQTT-3.1.3-10"],
    alter: (right) => ({
      wills: (message) =>
        right.wills(message).map((will) => ({ ...will, properties: will.properties.toReversed() })),
    }),
  },
  {
    id: "shared-properties-lost",
    description: "Messages to a shared subscription lose their properties",
    clauses: PASSED_ON,
    alter: delivers(({ message }, session) =>
      [...session.subscriptions.values()].some(({ filter, shared }) =>
        shared && sharedFilter(filter)?.filter === message.topic
      )
    ),
  },
];
