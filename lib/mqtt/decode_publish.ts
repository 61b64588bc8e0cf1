import type { Cursor } from "./cursor.ts";
import { readReason } from "./decode_connect.ts";
import { readProperties } from "./decode_properties.ts";
import type { AckPacket, PacketType, Property, PublishPacket, QoS } from "./packet.ts";

const NONE: readonly Property[] = Object.freeze([]);

/** Reads the body of a PUBLISH. `flags` are the low four bits of the first byte, which is at `firstAt`. */
export function readPublish(cursor: Cursor, flags: number, firstAt: number): PublishPacket {
  const bits = (flags >> 1) & 3;
  const dup = (flags & 8) !== 0;
  const retain = (flags & 1) !== 0;
  if (bits === 3) cursor.fail("qos-3", firstAt, "Both QoS bits are 1; the QoS must be 0, 1 or 2");
  if (dup && bits === 0) cursor.violate("dup-at-qos-0", firstAt, "DUP is 1 at QoS 0; it must be 0");
  const topicAt = cursor.at;
  const topic = cursor.text("The topic name");
  const packetId = bits === 0 ? 0 : readPacketId(cursor, "PUBLISH");
  const properties = readProperties(cursor, "PUBLISH");
  if (topic === "" || topic.includes("+") || topic.includes("#") || topic.includes("\0")) {
    checkTopic(cursor, topic, topicAt, properties);
  }
  const payload = cursor.bytes.subarray(cursor.at, cursor.end);
  cursor.at = cursor.end;
  if (bits === 0) return { type: "PUBLISH", topic, payload, qos: 0, retain, dup, properties };
  const qos: QoS = bits === 1 ? 1 : 2;
  return { type: "PUBLISH", topic, payload, qos, retain, dup, packetId, properties };
}

function checkTopic(cursor: Cursor, topic: string, at: number, properties: readonly Property[]): void {
  if (topic.includes("\0") && cursor.version === "3.1") {
    cursor.violate("utf8-nul", at, "The topic name contains U+0000, which no topic may contain");
  }
  if (topic === "") {
    if (properties.some((property) => property.name === "topicAlias")) return;
    const more = cursor.version === "5.0" ? " unless a topic alias replaces it" : "";
    cursor.violate("topic-empty", at, `The topic name is empty; it needs at least one character${more}`);
  } else if (topic.includes("+") || topic.includes("#")) {
    cursor.violate(
      "topic-wildcard",
      at,
      `The topic name contains a wildcard; "+" and "#" are for filters only`,
    );
  }
}

/** Reads the body of a PUBACK, PUBREC, PUBREL or PUBCOMP. In 5.0 the reason and the properties may be omitted. */
export function readAck<T extends AckPacket["type"]>(cursor: Cursor, type: T): AckPacket<T> {
  const packetId = readPacketId(cursor, type);
  if (cursor.version !== "5.0" || cursor.left === 0) return { type, packetId, reason: 0, properties: NONE };
  const reason = readReason(cursor, type);
  const properties = cursor.left > 0 ? readProperties(cursor, type) : NONE;
  return { type, packetId, reason, properties };
}

/** Reads a packet identifier, which must not be 0. */
export function readPacketId(cursor: Cursor, type: PacketType): number {
  const at = cursor.at;
  const packetId = cursor.twoBytes("The packet id");
  if (packetId === 0) {
    cursor.violate("packet-id-zero", at, `The packet id of ${type} is 0; it must be 1 to 65535`);
  }
  return packetId;
}
