/** Generates packets that break no rule. */
import fc from "fast-check";
import type { ConnectPacket, Packet, PacketType, Property, ProtocolVersion, QoS, Will } from "../packet.ts";
import { PROPERTIES, type PropertyOwner, type PropertyRule } from "../properties.ts";
import { type ReasonedType, reasons } from "../reasons.ts";

/** A record whose values have the ordinary prototype, like decoded packets. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const text = fc.string({ unit: "binary", maxLength: 50 }).map((made) => made.replaceAll("\0", ""));
const topic = text.map((made) => made.replaceAll(/[+#]/g, "")).filter((made) => made !== "");
const bytes = fc.uint8Array({ maxLength: 300 });
const packetId = fc.integer({ min: 1, max: 0xffff });
const qos: fc.Arbitrary<QoS> = fc.constantFrom(0, 1, 2);
const level = fc.oneof(fc.constant("+"), topic.map((made) => made.replaceAll("/", "")));
const filter = fc.tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => levels.join("/") + (open ? "/#" : ""))
  .filter((made) => made !== "" && !made.startsWith("$"));

// A name begins with a letter, because mqtt-packet uses names as object keys, which would move numbers to the
// front.
const pairs = fc.uniqueArray(fc.tuple(text.map((made) => "k" + made), text), {
  minLength: 1,
  maxLength: 4,
  selector: ([name]) => name,
});

function valuesOf(rule: PropertyRule, owner: PropertyOwner): fc.Arbitrary<Property[]> {
  const named = (value: Property["value"]): Property => ({ name: rule.name, value });
  const [min, max] = rule.range ?? [0, 0];
  switch (rule.type) {
    case "pair":
      return pairs.map((all) => all.map(named));
    case "binary":
      return bytes.map((value) => [named(value)]);
    case "text":
      return (rule.name === "responseTopic" ? topic : text).map((value) => [named(value)]);
    default: {
      const value = fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
      const most = rule.repeats.includes(owner) ? 3 : 1;
      return fc.array(value, { minLength: 1, maxLength: most }).map((all) => all.map(named));
    }
  }
}

function properties(owner: PropertyOwner, version: ProtocolVersion): fc.Arbitrary<readonly Property[]> {
  if (version !== "5.0") return fc.constant([]);
  return fc.shuffledSubarray(PROPERTIES.filter((rule) => rule.owners.includes(owner)))
    .chain((rules) => fc.tuple(...rules.map((rule) => valuesOf(rule, owner))))
    .map((lists) => {
      const all = lists.flat();
      const method = all.some(({ name }) => name === "authenticationMethod");
      return all.filter(({ name }) => method || name !== "authenticationData");
    });
}

function reasonOf(type: ReasonedType, version: ProtocolVersion): fc.Arbitrary<number> {
  // 5.0 lists 0x8C for DISCONNECT in section 2.4 but not in 3.14.2.1, and mqtt-packet follows the latter.
  const codes = [...reasons(type, version).keys()].filter((code) => type !== "DISCONNECT" || code !== 0x8c);
  return codes.length === 0 ? fc.constant(0) : fc.constantFrom(...codes);
}

function will(version: ProtocolVersion): fc.Arbitrary<Will> {
  return record({
    topic,
    payload: bytes,
    qos,
    retain: fc.boolean(),
    properties: properties("WILL", version),
  });
}

function connect(version: ProtocolVersion): fc.Arbitrary<Packet> {
  const levels = { "3.1": 3, "3.1.1": 4, "5.0": 5 };
  const fixed = record({
    cleanStart: fc.boolean(),
    keepAlive: fc.integer({ min: 0, max: 0xffff }),
    clientId: version === "3.1" ? topic : text,
    properties: properties("CONNECT", version),
  });
  return fc.tuple(fixed, fc.option(will(version)), fc.option(text), fc.option(bytes)).map(
    ([head, message, userName, password]): ConnectPacket => ({
      type: "CONNECT",
      protocolName: version === "3.1" ? "MQIsdp" : "MQTT",
      protocolLevel: levels[version],
      ...head,
      cleanStart: head.cleanStart || head.clientId === "",
      ...(message === null ? {} : { will: message }),
      ...(userName === null ? {} : { userName }),
      ...(userName === null || password === null ? {} : { password }),
    }),
  );
}

function connack(version: ProtocolVersion): fc.Arbitrary<Packet> {
  return record({
    sessionPresent: fc.boolean(),
    reason: reasonOf("CONNACK", version),
    properties: properties("CONNACK", version),
  }).map((fields) => ({
    type: "CONNACK",
    ...fields,
    sessionPresent: fields.sessionPresent && fields.reason === 0,
  }));
}

function publish(version: ProtocolVersion): fc.Arbitrary<Packet> {
  return record({
    topic,
    payload: bytes,
    qos,
    retain: fc.boolean(),
    dup: fc.boolean(),
    packetId,
    properties: properties("PUBLISH", version),
  }).map(({ packetId, ...fields }) =>
    fields.qos === 0 ? { type: "PUBLISH", ...fields, dup: false } : { type: "PUBLISH", ...fields, packetId }
  );
}

function ack(
  type: "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP",
  version: ProtocolVersion,
): fc.Arbitrary<Packet> {
  const fields = record({
    packetId,
    reason: reasonOf(type, version),
    properties: properties(type, version),
  });
  switch (type) {
    case "PUBACK":
      return fields.map((made) => ({ type, ...made }));
    case "PUBREC":
      return fields.map((made) => ({ type, ...made }));
    case "PUBREL":
      return fields.map((made) => ({ type, ...made }));
    case "PUBCOMP":
      return fields.map((made) => ({ type, ...made }));
  }
}

function subscribe(version: ProtocolVersion): fc.Arbitrary<Packet> {
  const never = fc.constant(false);
  const five = version === "5.0";
  const subscription = record({
    filter,
    qos,
    noLocal: five ? fc.boolean() : never,
    retainAsPublished: five ? fc.boolean() : never,
    retainHandling: five ? fc.constantFrom(0 as const, 1 as const, 2 as const) : fc.constant(0 as const),
  });
  return record({
    packetId,
    subscriptions: fc.array(subscription, { minLength: 1, maxLength: 5 }),
    properties: properties("SUBSCRIBE", version),
  }).map((fields) => ({ type: "SUBSCRIBE", ...fields }));
}

function unsubscribe(version: ProtocolVersion): fc.Arbitrary<Packet> {
  return record({
    packetId,
    filters: fc.array(filter, { minLength: 1, maxLength: 5 }),
    properties: properties("UNSUBSCRIBE", version),
  }).map((fields) => ({ type: "UNSUBSCRIBE", ...fields }));
}

function answer(type: "SUBACK" | "UNSUBACK", version: ProtocolVersion): fc.Arbitrary<Packet> {
  const some = fc.array(reasonOf(type, version), { minLength: 1, maxLength: 5 });
  return record({
    packetId,
    reasons: type === "UNSUBACK" && version !== "5.0" ? fc.constant([]) : some,
    properties: properties(type, version),
  }).map((fields) => ({ type, ...fields }));
}

function ending(type: "DISCONNECT" | "AUTH", version: ProtocolVersion): fc.Arbitrary<Packet> {
  return record({ reason: reasonOf(type, version), properties: properties(type, version) })
    .map((fields) => ({ type, ...fields }));
}

/** Any packet that one version defines. */
export function packets(version: ProtocolVersion): fc.Arbitrary<Packet> {
  const all: readonly fc.Arbitrary<Packet>[] = [
    connect(version),
    connack(version),
    publish(version),
    ack("PUBACK", version),
    ack("PUBREC", version),
    ack("PUBREL", version),
    ack("PUBCOMP", version),
    subscribe(version),
    answer("SUBACK", version),
    unsubscribe(version),
    answer("UNSUBACK", version),
    fc.constantFrom<PacketType & ("PINGREQ" | "PINGRESP")>("PINGREQ", "PINGRESP").map((type) => ({ type })),
    ending("DISCONNECT", version),
    ...(version === "5.0" ? [ending("AUTH", version)] : []),
  ];
  return fc.oneof(...all);
}
