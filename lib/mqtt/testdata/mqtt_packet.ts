/** Converts our packets to those of npm's mqtt-packet. */
import { Buffer } from "node:buffer";
import type * as mqttPacket from "mqtt-packet";
import { defined } from "../../ground/defined.ts";
import type { Packet, Property, ProtocolVersion } from "../packet.ts";
import { propertyNamed } from "../properties.ts";

/** The number that mqtt-packet uses for a version. */
export const LEVELS = { "3.1": 3, "3.1.1": 4, "5.0": 5 } as const satisfies Record<ProtocolVersion, number>;

// The names that differ.
const NAMES: Readonly<Record<string, string>> = {
  subscriptionIdentifierAvailable: "subscriptionIdentifiersAvailable",
  userProperty: "userProperties",
};

type Theirs = number | boolean | string | Buffer | number[] | Record<string, string>;

function properties(
  all: readonly Property[],
  version: ProtocolVersion,
): { properties?: Record<string, Theirs> } {
  if (version !== "5.0" || all.length === 0) return {};
  const made: Record<string, Theirs> = {};
  for (const { name } of all) {
    const values = all.filter((property) => property.name === name).map(({ value }) => value);
    made[NAMES[name] ?? name] = name === "userProperty" ? users(values) : single(name, values);
  }
  return { properties: made };
}

function users(values: readonly Property["value"][]): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((value) => Array.isArray(value) ? [[String(value[0]), String(value[1])]] : []),
  );
}

function single(name: string, values: readonly Property["value"][]): Theirs {
  const rule = propertyNamed(name);
  const [value] = values;
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === "string") return value;
  const numbers = values.filter((each) => typeof each === "number");
  const [number = 0] = numbers;
  if (rule?.type === "byte" && name !== "maximumQoS") return number === 1;
  return numbers.length > 1 ? numbers : number;
}

/** Converts a packet to the form that mqtt-packet expects. */
export function asTheirs(packet: Packet, version: ProtocolVersion): mqttPacket.Packet {
  switch (packet.type) {
    case "CONNECT":
      return {
        cmd: "connect",
        protocolId: version === "3.1" ? "MQIsdp" : "MQTT",
        protocolVersion: LEVELS[version],
        clean: packet.cleanStart,
        keepalive: packet.keepAlive,
        clientId: packet.clientId,
        ...defined({
          username: packet.userName,
          password: packet.password && Buffer.from(packet.password),
          will: packet.will && {
            topic: packet.will.topic,
            payload: Buffer.from(packet.will.payload),
            qos: packet.will.qos,
            retain: packet.will.retain,
            ...properties(packet.will.properties, version),
          },
        }),
        ...properties(packet.properties, version),
      };
    case "CONNACK":
      return {
        cmd: "connack",
        sessionPresent: packet.sessionPresent,
        [version === "5.0" ? "reasonCode" : "returnCode"]: packet.reason,
        ...properties(packet.properties, version),
      };
    case "PUBLISH":
      return {
        cmd: "publish",
        topic: packet.topic,
        payload: Buffer.from(packet.payload),
        qos: packet.qos,
        retain: packet.retain,
        dup: packet.dup,
        ...defined({ messageId: packet.packetId }),
        ...properties(packet.properties, version),
      };
    case "PUBACK":
      return { cmd: "puback", ...acknowledged(packet, version) };
    case "PUBREC":
      return { cmd: "pubrec", ...acknowledged(packet, version) };
    case "PUBREL":
      return { cmd: "pubrel", ...acknowledged(packet, version) };
    case "PUBCOMP":
      return { cmd: "pubcomp", ...acknowledged(packet, version) };
    case "SUBSCRIBE":
      return {
        cmd: "subscribe",
        messageId: packet.packetId,
        subscriptions: packet.subscriptions.map((entry): mqttPacket.ISubscription => ({
          topic: entry.filter,
          qos: entry.qos,
          ...(version === "5.0"
            ? { nl: entry.noLocal, rap: entry.retainAsPublished, rh: entry.retainHandling }
            : {}),
        })),
        ...properties(packet.properties, version),
      };
    case "SUBACK":
      return {
        cmd: "suback",
        messageId: packet.packetId,
        granted: [...packet.reasons],
        ...properties(packet.properties, version),
      };
    case "UNSUBSCRIBE":
      return {
        cmd: "unsubscribe",
        messageId: packet.packetId,
        unsubscriptions: [...packet.filters],
        ...properties(packet.properties, version),
      };
    case "UNSUBACK":
      return {
        cmd: "unsuback",
        messageId: packet.packetId,
        granted: [...packet.reasons],
        ...properties(packet.properties, version),
      };
    case "PINGREQ":
      return { cmd: "pingreq" };
    case "PINGRESP":
      return { cmd: "pingresp" };
    case "DISCONNECT":
      return { cmd: "disconnect", ...ended(packet, version) };
    case "AUTH":
      return { cmd: "auth", reasonCode: packet.reason, ...properties(packet.properties, version) };
  }
}

interface Reasoned {
  readonly reason: number;
  readonly properties: readonly Property[];
}

function ended(packet: Reasoned, version: ProtocolVersion) {
  return version === "5.0" ? { reasonCode: packet.reason, ...properties(packet.properties, version) } : {};
}

function acknowledged(packet: Reasoned & { readonly packetId: number }, version: ProtocolVersion) {
  return { messageId: packet.packetId, ...ended(packet, version) };
}

// Fields that mqtt-packet's parser sets on every packet, whether they apply or not.
const ON_ALL: ReadonlySet<string> = new Set(["qos", "dup", "retain", "topic", "payload"]);

/**
 * Converts a packet of mqtt-packet to a comparable form: no prototypes, bytes in hex, and only the fields of
 * this packet type.
 */
export function seenByThem(packet: mqttPacket.Packet): unknown {
  const fields = Object.entries(packet).filter(([name, value]) => {
    if (name === "length" || value === undefined) return false;
    // PUBREL, SUBSCRIBE and UNSUBSCRIBE have a flag where PUBLISH has its QoS.
    if (packet.cmd !== "publish" && ON_ALL.has(name)) return false;
    return !(packet.cmd === "unsuback" && name === "granted" && Array.isArray(value) && value.length === 0);
  });
  return plain(Object.fromEntries(fields));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value).map(([name, each]) => [name, plain(each)]);
  return Object.fromEntries(entries);
}
