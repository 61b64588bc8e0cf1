import type { Packet, Property } from "../../mqtt/packet.ts";
import { changesMessage, type Defect } from "./defect.ts";

const encoder = new TextEncoder();

/** The bytes of a property's value, without its length fields; 0 for numbers. */
function sizeOf({ value }: Property): number {
  if (typeof value === "number") return 0;
  if (typeof value === "string") return encoder.encode(value).length;
  if (value instanceof Uint8Array) return value.length;
  return encoder.encode(value[0] + value[1]).length;
}

function sizeOfAll(properties: readonly Property[]): number {
  return properties.reduce((size, property) => size + sizeOf(property), 0);
}

/** A defect that changes the properties of each message on its way to a session. */
function changes(change: (properties: readonly Property[]) => readonly Property[]): Defect["alter"] {
  return changesMessage((message) => ({ ...message, properties: change(message.properties) }));
}

/** A defect that changes the text of one property of each message. */
function changesText(name: string, change: (text: string) => string): Defect["alter"] {
  return changes((properties) =>
    properties.map((one) =>
      one.name === name && typeof one.value === "string" ? { ...one, value: change(one.value) } : one
    )
  );
}

function userProperties(properties: readonly Property[]): readonly Property[] {
  return properties.filter(({ name }) => name === "userProperty");
}

function cutAtNul(one: Property): Property {
  if (one.name !== "correlationData" || !(one.value instanceof Uint8Array)) return one;
  const end = one.value.indexOf(0);
  return end === -1 ? one : { ...one, value: one.value.subarray(0, end) };
}

function namedLow(one: Property): Property {
  return Array.isArray(one.value) ? { ...one, value: [one.value[0].toLowerCase(), one.value[1]] } : one;
}

/** Whether a packet after CONNECT has more bytes of properties than a length of one byte can express. */
function isLong(packet: Packet): boolean {
  return packet.type !== "PUBLISH" && "properties" in packet && sizeOfAll(packet.properties ?? []) > 120;
}

/** The lowest 16 bits of a whole number; Infinity stays unchanged. */
function lowest16(value: number): number {
  return value === Infinity ? value : value % 0x1_0000;
}

/** Faults of the values of properties. The clauses are those of 5.0. */
export const VALUE_DEFECTS: readonly Defect[] = [
  {
    id: "properties-over-16383-lost",
    description: "A message whose properties have more than 16,380 bytes is forwarded without them",
    clauses: ["MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-20"],
    alter: changes((properties) => sizeOfAll(properties) > 16_380 ? [] : properties),
  },
  {
    id: "user-properties-at-most-16",
    description: "Only the first 16 user properties of a message are forwarded",
    clauses: ["MQTT-3.3.2-17"],
    alter: changes((properties) => {
      const passed = new Set(userProperties(properties).slice(0, 16));
      return properties.filter((one) => one.name !== "userProperty" || passed.has(one));
    }),
  },
  {
    id: "long-user-properties-lost",
    description: "User properties of more than 250 bytes are not forwarded",
    clauses: ["MQTT-3.3.2-17"],
    alter: changes((properties) =>
      properties.filter((one) => one.name !== "userProperty" || sizeOf(one) <= 250)
    ),
  },
  {
    id: "user-property-names-lowered",
    description: "User properties are forwarded with their names in small letters",
    clauses: ["MQTT-3.3.2-17"],
    alter: changes((properties) => properties.map(namedLow)),
  },
  {
    id: "correlation-data-ends-at-nul",
    description: "Correlation Data ends before its first zero byte",
    clauses: ["MQTT-3.3.2-16"],
    alter: changes((properties) => properties.map(cutAtNul)),
  },
  {
    id: "content-type-lowered",
    description: "A Content Type is forwarded in small letters",
    clauses: ["MQTT-3.3.2-20"],
    alter: changesText("contentType", (text) => text.toLowerCase()),
  },
  {
    id: "response-topic-slash-lost",
    description: "A Response Topic is forwarded without a slash at its beginning",
    clauses: ["MQTT-3.3.2-15"],
    alter: changesText("responseTopic", (text) => text.replace(/^\//, "")),
  },
  {
    id: "expiry-of-16-bits",
    description: "Only the lowest 16 bits of a Message Expiry Interval are sent",
    clauses: ["MQTT-3.3.2-6"],
    alter: (right) => ({ secondsLeft: (left, delivery) => lowest16(right.secondsLeft(left, delivery)) }),
  },
  {
    id: "session-expiry-of-16-bits",
    description: "Only the lowest 16 bits of a Session Expiry Interval count",
    clauses: ["MQTT-3.1.2-23"],
    alter: (right) => ({ keptSeconds: (asked, cause) => lowest16(right.keptSeconds(asked, cause)) }),
  },
  {
    id: "session-expiry-largest-is-none",
    description: "A session with the largest Session Expiry Interval ends with its connection",
    clauses: ["MQTT-3.1.2-23"],
    alter: (right) => ({
      keptSeconds: (asked, cause) => {
        const seconds = right.keptSeconds(asked, cause);
        return seconds === Infinity ? 0 : seconds;
      },
    }),
  },
  {
    id: "will-delay-of-31-bits",
    description: "A will with a Will Delay Interval of more than 2,147,483,647 s is published at once",
    clauses: ["MQTT-3.1.2-8", "MQTT-3.1.3-9"],
    alter: (right) => ({
      willDelaySeconds: (asked) => asked > 0x7fff_ffff ? 0 : right.willDelaySeconds(asked),
    }),
  },
  {
    id: "receive-maximum-of-a-byte",
    description: "Only the lowest 8 bits of the client's Receive Maximum count",
    clauses: ["MQTT-4.9.0-1", "MQTT-4.5.0-1"],
    alter: (right) => ({ window: (receiveMaximum) => right.window(receiveMaximum) % 0x100 }),
  },
  {
    id: "maximum-packet-size-of-16-bits",
    description: "Only the lowest 16 bits of the client's Maximum Packet Size count",
    clauses: ["MQTT-3.1.2-24", "MQTT-3.1.4-5"],
    alter: (right) => ({ sendsUpTo: (most) => lowest16(right.sendsUpTo(most)) }),
  },
  {
    id: "long-properties-passed-over",
    description: "Packets with more than 120 bytes of properties are ignored, except CONNECT and PUBLISH",
    clauses: ["MQTT-3.8.4-1", "MQTT-3.10.4-4", "MQTT-4.9.0-2"],
    alter: (right) => ({
      passesOver: (packet, connected) => (connected && isLong(packet)) || right.passesOver(packet, connected),
    }),
  },
];
