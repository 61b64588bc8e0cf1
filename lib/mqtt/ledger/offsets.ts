import type { Packet, Property } from "../packet.ts";
import { propertyNamed } from "../properties.ts";

const encoder = new TextEncoder();

/**
 * Returns the offset of the variable header in a packet of this size, assuming the shortest form of the
 * remaining length.
 */
export function bodyAt(size: number): number {
  return size <= 129 ? 2 : size <= 16_386 ? 3 : size <= 2_097_155 ? 4 : 5;
}

/** Returns the offset of a packet's packet id, or 0 if it has none. */
export function packetIdAt(packet: Packet, size: number): number {
  if (!("packetId" in packet)) return 0;
  const at = bodyAt(size);
  return packet.type === "PUBLISH" ? at + fieldSize(packet.topic) : at;
}

/** Returns the offset of this code in the list of a SUBACK or UNSUBACK. */
export function codeAt(codes: readonly number[], index: number, size: number): number {
  return size - codes.length + index;
}

/** Returns the offset of the first property with this name in a 5.0 packet, or 0 if it has none. */
export function propertyAt(packet: Packet, size: number, name: string): number {
  if (!("properties" in packet)) return 0;
  const { properties } = packet;
  const index = properties.findIndex((property) => property.name === name);
  if (index < 0) return 0;
  const total = sizeOf(properties);
  const width = total < 0x80 ? 1 : total < 0x4000 ? 2 : total < 0x20_0000 ? 3 : 4;
  const at = propertiesAt(packet, bodyAt(size)) + width + sizeOf(properties.slice(0, index));
  // Ill-formed text has changed its length when decoded.
  return Math.min(at, size - 1);
}

function propertiesAt(packet: Packet, body: number): number {
  switch (packet.type) {
    case "CONNECT":
      return body + fieldSize(packet.protocolName) + 4;
    case "PUBLISH":
      return body + fieldSize(packet.topic) + (packet.packetId === undefined ? 0 : 2);
    case "PUBACK":
    case "PUBREC":
    case "PUBREL":
    case "PUBCOMP":
      return body + 3;
    case "DISCONNECT":
    case "AUTH":
      return body + 1;
    default:
      return body + 2;
  }
}

function sizeOf(properties: readonly Property[]): number {
  return properties.reduce((sum, property) => sum + propertySize(property), 0);
}

function propertySize({ name, value }: Property): number {
  if (typeof value === "string") return 1 + fieldSize(value);
  if (value instanceof Uint8Array) return 3 + value.length;
  if (typeof value !== "number") return 1 + fieldSize(value[0]) + fieldSize(value[1]);
  switch (propertyNamed(name)?.type) {
    case "two-byte":
      return 3;
    case "four-byte":
      return 5;
    case "variable":
      return value < 0x80 ? 2 : value < 0x4000 ? 3 : value < 0x20_0000 ? 4 : 5;
    default:
      return 2;
  }
}

/** Returns the size of a text with its length prefix in bytes. */
function fieldSize(text: string): number {
  return 2 + encoder.encode(text).length;
}
