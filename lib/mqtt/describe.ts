import type { Packet, Property, PropertyValue, ProtocolVersion, Subscription } from "./packet.ts";
import { quoteEscaped } from "../ground/text.ts";
import { reasonName } from "./reasons.ts";
import { utf8Fault } from "./utf8.ts";

/** The most characters of payload and text in a one-line description. */
const LINE_TEXT = 40;
/** The most characters of them in a full description. */
const FULL_TEXT = 1000;
/** The most entries of a list in a one-line description. */
const LINE_ENTRIES = 5;

/**
 * Describes a packet in one line for a sequence chart: `PUBLISH q2 id=7 retain "a/b" "hello"`. Omits the
 * usual values, escapes control characters and cuts long text.
 */
export function describe(packet: Packet): string {
  return [packet.type, ...words(packet)].join(" ");
}

function words(packet: Packet): string[] {
  switch (packet.type) {
    case "CONNECT":
      return [
        `level=${packet.protocolLevel}`,
        `${quoteEscaped(packet.clientId, LINE_TEXT)}`,
        ...flag(packet.cleanStart, "clean"),
        `keepAlive=${packet.keepAlive}`,
        ...(packet.will
          ? [
            `will=${quoteEscaped(packet.will.topic, LINE_TEXT)}`,
            `q${packet.will.qos}`,
            ...flag(packet.will.retain, "retain"),
            payload(packet.will.payload, LINE_TEXT),
          ]
          : []),
        ...given(packet.userName, (name) => `user=${quoteEscaped(name, LINE_TEXT)}`),
        ...flag(packet.password !== undefined, "password"),
        ...properties(packet.properties),
      ];
    case "CONNACK":
      return [
        codeText(packet.reason),
        ...flag(packet.sessionPresent, "session-present"),
        ...properties(packet.properties),
      ];
    case "PUBLISH":
      return [
        `q${packet.qos}`,
        ...given(packet.packetId, (id) => `id=${id}`),
        ...flag(packet.dup, "dup"),
        ...flag(packet.retain, "retain"),
        quoteEscaped(packet.topic, LINE_TEXT),
        payload(packet.payload, LINE_TEXT),
        ...properties(packet.properties),
      ];
    case "PUBACK":
    case "PUBREC":
    case "PUBREL":
    case "PUBCOMP":
      return [
        `id=${packet.packetId}`,
        ...flag(packet.reason !== 0, codeText(packet.reason)),
        ...properties(packet.properties),
      ];
    case "SUBSCRIBE":
      return [
        `id=${packet.packetId}`,
        ...list(packet.subscriptions, subscription),
        ...properties(packet.properties),
      ];
    case "UNSUBSCRIBE":
      return [
        `id=${packet.packetId}`,
        ...list(packet.filters, (filter) => quoteEscaped(filter, LINE_TEXT)),
        ...properties(packet.properties),
      ];
    case "SUBACK":
    case "UNSUBACK":
      return [`id=${packet.packetId}`, ...list(packet.reasons, codeText), ...properties(packet.properties)];
    case "PINGREQ":
    case "PINGRESP":
      return [];
    case "DISCONNECT":
    case "AUTH":
      return [...flag(packet.reason !== 0, codeText(packet.reason)), ...properties(packet.properties)];
  }
}

function flag(set: boolean, word: string): string[] {
  return set ? [word] : [];
}

function given<T>(value: T | undefined, show: (value: T) => string): string[] {
  return value === undefined ? [] : [show(value)];
}

/** A code as the standards write it: below ten in decimal, else in hex. */
export function codeText(reason: number): string {
  return reason < 10 ? String(reason) : `0x${reason.toString(16).padStart(2, "0")}`;
}

function list<T>(entries: readonly T[], show: (entry: T) => string): string[] {
  const shown = entries.slice(0, LINE_ENTRIES).map(show);
  return entries.length > LINE_ENTRIES ? [...shown, `… ${entries.length} in all`] : shown;
}

function subscription({ filter, qos, noLocal, retainAsPublished, retainHandling }: Subscription): string {
  const options = [
    ...flag(noLocal, "no-local"),
    ...flag(retainAsPublished, "retain-as-published"),
    ...flag(retainHandling !== 0, `retain-handling=${retainHandling}`),
  ];
  return [quoteEscaped(filter, LINE_TEXT), `q${qos}`, ...options].join(" ");
}

function properties(all: readonly Property[]): string[] {
  if (all.length === 0) return [];
  const shown = list(all, ({ name, value }) => `${name}=${propertyValue(value, LINE_TEXT)}`);
  return [`{${shown.join(", ")}}`];
}

function propertyValue(value: PropertyValue, most: number): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return quoteEscaped(value, most);
  if (value instanceof Uint8Array) return payload(value, most);
  return `${quoteEscaped(value[0], most)}:${quoteEscaped(value[1], most)}`;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Shows bytes as text if they are UTF-8, otherwise in hex. Cuts them at `most` characters and then appends
 * the full size.
 */
function payload(bytes: Uint8Array, most: number): string {
  // A character has at most four bytes. If this cuts one in half, the cut of the text hides it.
  const head = bytes.subarray(0, most * 4 + 4);
  const fault = utf8Fault(head, 0, head.length);
  const binary = fault && fault.rule !== "utf8-nul" &&
    (head.length === bytes.length || fault.offset < most * 4);
  if (!binary) {
    const text = decoder.decode(head);
    return text.length > most
      ? `${quoteEscaped(text, most)} (${bytes.length} bytes)`
      : quoteEscaped(text, most);
  }
  const hex = [...bytes.subarray(0, most / 2)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > most / 2 ? `0x${hex}… (${bytes.length} bytes)` : `0x${hex}`;
}

/**
 * Describes all fields of a packet, one per line as `name: value`, in wire order. `version` selects the names
 * of codes. Cuts text longer than 1,000 characters.
 */
export function describeFully(packet: Packet, version: ProtocolVersion = "5.0"): string {
  return fields(packet, version).map(([name, value]) => `${name}: ${value}`).join("\n");
}

type Field = readonly [name: string, value: string];

function fields(packet: Packet, version: ProtocolVersion): Field[] {
  const found: Field[] = [["type", packet.type]];
  for (const [name, value] of Object.entries(packet)) {
    if (name !== "type" && value !== undefined) found.push(...field(packet, version, name, value));
  }
  return found;
}

function field(packet: Packet, version: ProtocolVersion, name: string, value: unknown): Field[] {
  if (name === "reason" && typeof value === "number") return [[name, named(packet, version, value)]];
  if (name === "password") return [[name, "(hidden)"]];
  if (name === "properties" && "properties" in packet) return propertyFields(packet.properties, "");
  if (name === "reasons" && "reasons" in packet) {
    return packet.reasons.map((reason, n) => [`reasons.${n}`, named(packet, version, reason)]);
  }
  if (name === "subscriptions" && packet.type === "SUBSCRIBE") {
    return packet.subscriptions.map((entry, n) => [`subscriptions.${n}`, subscription(entry)]);
  }
  if (name === "filters" && packet.type === "UNSUBSCRIBE") {
    return packet.filters.map((filter, n) => [`filters.${n}`, quoteEscaped(filter, FULL_TEXT)]);
  }
  if (name === "will" && packet.type === "CONNECT" && packet.will) {
    const { topic, payload: message, qos, retain } = packet.will;
    return [
      ["will.topic", quoteEscaped(topic, FULL_TEXT)],
      ["will.payload", payload(message, FULL_TEXT)],
      ["will.qos", String(qos)],
      ["will.retain", String(retain)],
      ...propertyFields(packet.will.properties, "will."),
    ];
  }
  if (typeof value === "string") return [[name, quoteEscaped(value, FULL_TEXT)]];
  if (value instanceof Uint8Array) return [[name, payload(value, FULL_TEXT)]];
  return [[name, String(value)]];
}

function propertyFields(all: readonly Property[], prefix: string): Field[] {
  return all.map(({ name, value }) => [`${prefix}properties.${name}`, propertyValue(value, FULL_TEXT)]);
}

function named(packet: Packet, version: ProtocolVersion, reason: number): string {
  const name = reasonName(packet.type, version, reason);
  return `${codeText(reason)} ${name ?? "(not a code of this packet)"}`;
}
