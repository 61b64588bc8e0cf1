import {
  publishFlags,
  writeAck,
  writeAuth,
  writeConnack,
  writeConnect,
  writeDisconnect,
  writePublish,
  writeSuback,
  writeSubscribe,
  writeUnsuback,
  writeUnsubscribe,
} from "./encode_body.ts";
import type { Draft, ProtocolVersion, WireOverrides } from "./packet.ts";
import { Writer } from "./writer.ts";

const writer = new Writer();

/**
 * Encodes a packet as drafted, right or wrong.
 *
 * Text given as bytes is written as these bytes after their correct length. An unpaired surrogate in text is written as
 * its three bytes. Numbers are truncated to the width of their field. A packet id is written exactly if the draft has
 * one; so are the reason and property list of a 5.0 packet in which they are optional. Fields that the version does not
 * have are left out, but an AUTH is written in any version.
 *
 * The result is a view of a larger buffer that no one else writes to; copy it before transferring its buffer.
 *
 * Throws a RangeError if a text has more than 65,535 bytes or the body more than 268,435,455, and a TypeError for an
 * unknown property or a property value of the wrong type.
 */
export function encode(draft: Draft, version: ProtocolVersion): Uint8Array {
  writer.begin();
  const first = writeBody(draft, version);
  return draft.wire === undefined ? writer.finish(first) : overridden(first, draft.wire);
}

/** Writes the body and returns the first byte. */
function writeBody(draft: Draft, version: ProtocolVersion): number {
  switch (draft.type) {
    case "PUBLISH":
      writePublish(writer, draft, version);
      return 0x30 | publishFlags(draft);
    case "PUBACK":
      writeAck(writer, draft, version);
      return 0x40;
    case "PUBREC":
      writeAck(writer, draft, version);
      return 0x50;
    case "PUBREL":
      writeAck(writer, draft, version);
      return 0x62;
    case "PUBCOMP":
      writeAck(writer, draft, version);
      return 0x70;
    case "SUBSCRIBE":
      writeSubscribe(writer, draft, version);
      return 0x82;
    case "SUBACK":
      writeSuback(writer, draft, version);
      return 0x90;
    case "UNSUBSCRIBE":
      writeUnsubscribe(writer, draft, version);
      return 0xa2;
    case "UNSUBACK":
      writeUnsuback(writer, draft, version);
      return 0xb0;
    case "PINGREQ":
      return 0xc0;
    case "PINGRESP":
      return 0xd0;
    case "DISCONNECT":
      writeDisconnect(writer, draft, version);
      return 0xe0;
    case "AUTH":
      writeAuth(writer, draft);
      return 0xf0;
    case "CONNECT":
      writeConnect(writer, draft, version);
      return 0x10;
    case "CONNACK":
      writeConnack(writer, draft, version);
      return 0x20;
  }
}

function overridden(first: number, wire: WireOverrides): Uint8Array {
  if (wire.body) {
    writer.begin();
    writer.raw(wire.body);
  }
  if (wire.append) writer.raw(wire.append);
  const low = (wire.flags ?? first) & 0x0f;
  const high = (wire.typeBits ?? first >> 4) & 0x0f;
  const whole = withRemainingLength(high << 4 | low, wire.remainingLength);
  return wire.truncate === undefined ? whole : whole.subarray(0, Math.max(0, wire.truncate));
}

function withRemainingLength(first: number, length: number | Uint8Array | undefined): Uint8Array {
  if (length === undefined) return writer.finish(first);
  const body = writer.cutBack(0);
  const header = new Writer();
  header.begin();
  header.byte(first);
  if (length instanceof Uint8Array) header.raw(length);
  else header.variable(length);
  header.raw(body);
  return header.body;
}
