import { decodeOne } from "../mqtt/decode.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { ConnectPacket, ProtocolVersion } from "../mqtt/packet.ts";
import type { RefusedEffect } from "./behaviour.ts";
import type { Message } from "./message.ts";
import type { Session } from "./session.ts";

const CREDENTIALS = 0xc0;

/** Drops the part of a session that a refused CONNECT clears; a correct broker drops nothing. */
export function dropPart(session: Session, effect: RefusedEffect): void {
  if (effect === "queue") { while (session.queue.take()); }
  if (effect !== "handshakes") return;
  session.received.clear();
  session.unacknowledged.clear();
  session.released.clear();
}

/** Reads a refused CONNECT as far as possible, without the user name and password that its flags announce but that are missing. */
export function readRefused(frame: Frame, version: ProtocolVersion): ConnectPacket | undefined {
  const read = frame.kind === "malformed" ? decodeOne(withoutCredentials(frame.raw), version) : frame;
  return read.kind === "packet" && read.packet.type === "CONNECT" ? read.packet : undefined;
}

/** The message of a PUBLISH after a refused CONNECT, which a correct broker does not read. */
export function publishedBehind(frame: Frame): Message | undefined {
  if (frame.kind !== "packet" || frame.packet.type !== "PUBLISH") return undefined;
  const { topic, payload, qos, retain, dup } = frame.packet;
  return { topic, payload: payload.slice(), qos, retain, dup, publisher: "", properties: [] };
}

/** The same CONNECT with both credential flags set to 0. */
function withoutCredentials(connect: Uint8Array): Uint8Array {
  const bytes = connect.slice();
  const name = bytes.findIndex((byte, place) => place > 0 && byte < 0x80) + 1;
  const flags = name + 2 + ((bytes[name] ?? 0) << 8 | (bytes[name + 1] ?? 0)) + 1;
  if (flags < bytes.length) bytes[flags] = (bytes[flags] ?? 0) & ~CREDENTIALS;
  return bytes;
}
