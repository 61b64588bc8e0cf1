import { writeProperties } from "./encode_properties.ts";
import {
  type AckPacket,
  type Draft,
  type Loose,
  type PacketType,
  PROTOCOL_LEVELS,
  PROTOCOL_NAMES,
  type ProtocolVersion,
  type Will,
} from "./packet.ts";
import type { Writer } from "./writer.ts";

type DraftFor<T extends PacketType> = Extract<Draft, { readonly type: T }>;

/**
 * Writes the body of a CONNECT. Defaults: the version's own name and level, clean start, keep alive 0, an
 * empty client id.
 */
export function writeConnect(writer: Writer, draft: DraftFor<"CONNECT">, version: ProtocolVersion): void {
  const { will, userName, password } = draft;
  writer.field(draft.protocolName ?? PROTOCOL_NAMES[version], "The protocol name");
  writer.byte(draft.protocolLevel ?? PROTOCOL_LEVELS[version]);
  let flags = (draft.cleanStart ?? true) ? 0x02 : 0;
  if (will) flags |= 0x04 | (((will.qos ?? 0) & 3) << 3) | (will.retain ? 0x20 : 0);
  if (password !== undefined) flags |= 0x40;
  if (userName !== undefined) flags |= 0x80;
  writer.byte(draft.wire?.connectFlags ?? flags);
  writer.twoBytes(draft.keepAlive ?? 0);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  writer.field(draft.clientId ?? "", "The client id");
  if (will) writeWill(writer, will, version);
  if (userName !== undefined) writer.field(userName, "The user name");
  if (password !== undefined) writer.field(password, "The password");
}

function writeWill(writer: Writer, will: Loose<Will>, version: ProtocolVersion): void {
  if (version === "5.0") writeProperties(writer, will.properties);
  writer.field(will.topic ?? "", "The will topic");
  writer.field(will.payload ?? "", "The will message");
}

/** Writes the body of a CONNACK. Defaults: session present 0, code 0. */
export function writeConnack(writer: Writer, draft: DraftFor<"CONNACK">, version: ProtocolVersion): void {
  writer.byte(draft.sessionPresent ? 1 : 0);
  writer.byte(draft.reason ?? 0);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
}

/** Writes the body of a PUBLISH. A given packet id is written at any QoS, including QoS 0. */
export function writePublish(writer: Writer, draft: DraftFor<"PUBLISH">, version: ProtocolVersion): void {
  writer.field(draft.topic ?? "", "The topic name");
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  const { payload } = draft;
  if (payload === undefined) return;
  if (typeof payload === "string") writer.rawText(payload);
  else writer.raw(payload);
}

/** Returns the low four bits of a PUBLISH's first byte. */
export function publishFlags(draft: DraftFor<"PUBLISH">): number {
  return (draft.dup ? 8 : 0) | (((draft.qos ?? 0) & 3) << 1) | (draft.retain ? 1 : 0);
}

/** Writes the body of a PUBACK, PUBREC, PUBREL or PUBCOMP. Reason and properties are written in 5.0 if given. */
export function writeAck(writer: Writer, draft: DraftFor<AckPacket["type"]>, version: ProtocolVersion): void {
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version === "5.0") writeReason(writer, draft);
}

/** Writes the body of a DISCONNECT, which is empty in 3.x. Reason and properties are written in 5.0 if given. */
export function writeDisconnect(
  writer: Writer,
  draft: DraftFor<"DISCONNECT">,
  version: ProtocolVersion,
): void {
  if (version === "5.0") writeReason(writer, draft);
}

/** Writes the body of an AUTH in the 5.0 format, whatever the version. */
export function writeAuth(writer: Writer, draft: DraftFor<"AUTH">): void {
  writeReason(writer, draft);
}

function writeReason(writer: Writer, draft: DraftFor<AckPacket["type"] | "DISCONNECT" | "AUTH">): void {
  const { reason, properties, wire } = draft;
  const listed = properties !== undefined || wire?.propertyLength !== undefined;
  if (reason !== undefined || listed) writer.byte(reason ?? 0);
  if (listed) writeProperties(writer, properties, wire?.propertyLength);
}

/** Writes the body of a SUBSCRIBE. */
export function writeSubscribe(writer: Writer, draft: DraftFor<"SUBSCRIBE">, version: ProtocolVersion): void {
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  for (const { filter, qos, noLocal, retainAsPublished, retainHandling } of draft.subscriptions ?? []) {
    writer.field(filter ?? "", "The topic filter");
    const more = (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | (((retainHandling ?? 0) & 3) << 4);
    writer.byte(((qos ?? 0) & 3) | more);
  }
}

/** Writes the body of a SUBACK. */
export function writeSuback(writer: Writer, draft: DraftFor<"SUBACK">, version: ProtocolVersion): void {
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  for (const reason of draft.reasons ?? []) writer.byte(reason);
}

/** Writes the body of an UNSUBSCRIBE. */
export function writeUnsubscribe(
  writer: Writer,
  draft: DraftFor<"UNSUBSCRIBE">,
  version: ProtocolVersion,
): void {
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version === "5.0") writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  for (const filter of draft.filters ?? []) writer.field(filter, "The topic filter");
}

/** Writes the body of an UNSUBACK, which in 3.x is only a packet id. */
export function writeUnsuback(writer: Writer, draft: DraftFor<"UNSUBACK">, version: ProtocolVersion): void {
  if (draft.packetId !== undefined) writer.twoBytes(draft.packetId);
  if (version !== "5.0") return;
  writeProperties(writer, draft.properties, draft.wire?.propertyLength);
  for (const reason of draft.reasons ?? []) writer.byte(reason);
}
