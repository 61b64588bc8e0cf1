import { defined } from "../ground/defined.ts";
import { Cursor } from "./cursor.ts";
import { readAuth, readConnack, readConnect, readDisconnect } from "./decode_connect.ts";
import { readAck, readPublish } from "./decode_publish.ts";
import { readSuback, readSubscribe, readUnsuback, readUnsubscribe } from "./decode_subscribe.ts";
import type { BrokenFrame, Frame, OversizedFrame } from "./frame.ts";
import { type Packet, PACKET_TYPES, type PacketType, type ProtocolVersion } from "./packet.ts";
import type { SenderRole } from "./rules.ts";

/** Options of a {@link Decoder}. */
export interface DecoderOptions {
  /** The protocol version of the packets, until a CONNECT changes it. */
  readonly version: ProtocolVersion;
  /** In bytes, at least 2. A larger packet breaks the stream as soon as its length is read. */
  readonly maximumPacketSize: number;
  /**
   * Returns how many bytes of a packet to keep, called for each packet; at least 4 KiB are kept. A larger
   * packet becomes an oversized frame with its first bytes only. The default is `maximumPacketSize`.
   */
  readonly keptPacketSize?: (() => number) | undefined;
}

/** How many bytes of a broken stream its frame contains. */
const BROKEN_SHOWN = 256;
/** How many bytes of an oversized packet its frame contains. */
const OVERSIZED_SHOWN = 4 * 1024;
/** The smallest and largest buffer that is allocated ahead for the following bytes. */
const ROOM_LEAST = 256;
const ROOM_MOST = 8 * 1024;
/** The buffer that is allocated for a packet when only its length has arrived, in bytes. */
const TRUSTED = 64 * 1024;

const SENDERS: Readonly<Partial<Record<PacketType, SenderRole>>> = {
  CONNECT: "client",
  SUBSCRIBE: "client",
  UNSUBSCRIBE: "client",
  PINGREQ: "client",
  CONNACK: "server",
  SUBACK: "server",
  UNSUBACK: "server",
  PINGRESP: "server",
};

/**
 * Splits a byte stream into packets and names every encoding rule that they break. Bytes may arrive in any
 * pieces. No input makes it throw, and after `next` has returned undefined it holds fewer than
 * `maximumPacketSize` bytes.
 */
export class Decoder {
  readonly #maximumPacketSize: number;
  readonly #keptPacketSize: (() => number) | undefined;
  readonly #cursor = new Cursor();
  // Bytes are appended here and never moved or overwritten, so frames can be views of it.
  #room: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  // The size of the packet at #start once its length is read, otherwise 0.
  #wanted = 0;
  // The number of outstanding bytes of a packet that is not kept.
  #skipped = 0;
  #broken = false;

  constructor(options: DecoderOptions) {
    this.#cursor.version = options.version;
    this.#maximumPacketSize = options.maximumPacketSize;
    this.#keptPacketSize = options.keptPacketSize;
  }

  /** The protocol version of the packets. A received CONNECT of level 3, 4 or 5 changes it. */
  get version(): ProtocolVersion {
    return this.#cursor.version;
  }

  set version(version: ProtocolVersion) {
    this.#cursor.version = version;
  }

  /** The number of buffered bytes of an incomplete packet. */
  get buffered(): number {
    return this.#end - this.#start;
  }

  /** The size of the buffer for them in bytes. */
  get capacity(): number {
    return this.#room.length;
  }

  /**
   * Takes the next bytes of the stream. They are copied, unless they are `kept`: then the caller leaves them unchanged as long as
   * anybody has a frame of them, and what lies whole in them is decoded where it is. After a broken frame they are dropped.
   */
  push(bytes: Uint8Array, kept = false): void {
    if (this.#broken) return;
    if (this.#skipped > 0) {
      const behind = bytes.subarray(this.#skipped);
      this.#skipped -= bytes.length - behind.length;
      bytes = behind;
    }
    const size = bytes.length;
    if (size === 0) return;
    if (kept && this.#start === this.#end) {
      // All of this room is filled, so that what comes next goes to another one, and nothing is ever written here.
      this.#room = bytes;
      this.#start = 0;
      this.#end = size;
      return;
    }
    if (size > this.#room.length - this.#end) this.#makeRoom(size);
    this.#room.set(bytes, this.#end);
    this.#end += size;
  }

  /**
   * Returns the next complete packet, or undefined until more bytes arrive; after a broken frame always
   * undefined.
   */
  next(): Frame | undefined {
    const room = this.#room;
    const start = this.#start;
    const held = this.#end - start;
    if (held < 2 || this.#broken) return undefined;
    let remaining = room[start + 1] ?? 0;
    let header = 2;
    if (remaining >= 0x80) {
      remaining &= 0x7f;
      for (;;) {
        if (header === 5) return this.#break("remaining-length-unending", start);
        if (header === held) return undefined;
        const byte = room[start + header] ?? 0;
        remaining |= (byte & 0x7f) << (7 * (header - 1));
        header++;
        if (byte < 0x80) break;
      }
    }
    const size = header + remaining;
    if (size > this.#maximumPacketSize) return this.#break("packet-too-large", start, size);
    if (size > OVERSIZED_SHOWN && this.#keptPacketSize && size > this.#keptPacketSize()) {
      return held < OVERSIZED_SHOWN ? undefined : this.#oversized(start, header, size);
    }
    if (size > held) {
      this.#wanted = size;
      return undefined;
    }
    this.#wanted = 0;
    this.#start = start + size;
    const frame = readFrame(this.#cursor, room, start, header, size);
    if (this.#start === this.#end && room.length > ROOM_MOST) this.#letGo();
    return frame;
  }

  #oversized(start: number, header: number, size: number): OversizedFrame {
    const raw = this.#room.slice(start, start + OVERSIZED_SHOWN);
    const held = Math.min(size, this.#end - start);
    this.#wanted = 0;
    this.#skipped = size - held;
    this.#start = start + held;
    if (this.#start === this.#end) this.#letGo();
    const read = readFrame(this.#cursor, raw, 0, header, raw.length);
    const begin = read.kind === "packet" && read.packet.type === "PUBLISH" ? read.packet : undefined;
    const type = PACKET_TYPES[((raw[0] ?? 0) >> 4) - 1];
    // The first bytes of other packets may break rules only because they are cut.
    const violations = begin ? read.violations : [];
    return defined({ kind: "oversized", type, size, raw, begin, violations });
  }

  #makeRoom(size: number): void {
    const held = this.#end - this.#start;
    const least = held + size;
    // Make room for the whole large packet and the read that completes it, but allocate little for a length
    // alone.
    const whole = this.#wanted > least ? Math.min(this.#wanted, Math.max(TRUSTED, 4 * least)) + size : 0;
    const room = new Uint8Array(Math.max(least, whole, Math.min(ROOM_MOST, Math.max(ROOM_LEAST, 8 * size))));
    room.set(this.#room.subarray(this.#start, this.#end));
    this.#room = room;
    this.#start = 0;
    this.#end = held;
  }

  #letGo(): void {
    this.#room = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  #break(rule: "remaining-length-unending" | "packet-too-large", start: number, size = 0): BrokenFrame {
    const cursor = this.#cursor;
    const raw = this.#room.slice(start, Math.min(this.#end, start + BROKEN_SHOWN));
    cursor.begin(raw, 0, raw.length);
    cursor.type = PACKET_TYPES[((raw[0] ?? 0) >> 4) - 1];
    const message = rule === "packet-too-large"
      ? `The packet has ${size} bytes; the limit is ${this.#maximumPacketSize}`
      : "The remaining length has more than four bytes; it has at most four";
    cursor.violate(rule, 1, message);
    this.#broken = true;
    this.#letGo();
    return { kind: "broken", raw, violations: cursor.violations };
  }
}

/**
 * Decodes one packet at the start of `bytes` and keeps a copy of it. An incomplete packet is malformed. Bytes
 * after the packet are ignored; the length of `raw` gives their offset.
 */
export function decodeOne(bytes: Uint8Array, version: ProtocolVersion): Frame {
  const decoder = new Decoder({ version, maximumPacketSize: Infinity });
  decoder.push(bytes);
  const frame = decoder.next();
  if (frame) return frame;
  const type = PACKET_TYPES[((bytes[0] ?? 0) >> 4) - 1];
  const message = `The packet is cut off after ${bytes.length} bytes`;
  const violations = [{ rule: "packet-too-short", offset: bytes.length, message }];
  return defined({ kind: "malformed", type, raw: bytes, violations });
}

/**
 * Decodes the packet that fills `bytes` from `start` to `end`, its body from `body`, without a copy: the frame is a view, valid
 * as long as the caller leaves the bytes unchanged. The caller has read the remaining length.
 */
export function decodeInPlace(
  bytes: Uint8Array,
  start: number,
  body: number,
  end: number,
  version: ProtocolVersion,
): Frame {
  const cursor = new Cursor();
  cursor.version = version;
  return readFrame(cursor, bytes, start, body - start, end - start);
}

function readFrame(cursor: Cursor, room: Uint8Array, start: number, header: number, size: number): Frame {
  const first = room[start] ?? 0;
  const end = start + size;
  const raw = room.subarray(start, end);
  cursor.begin(room, start, end);
  cursor.at = start + header;
  const type = PACKET_TYPES[(first >> 4) - 1];
  if (type === undefined || (type === "AUTH" && cursor.version !== "5.0")) {
    const found = first >> 4;
    cursor.fail(
      "reserved-type",
      start,
      `The packet type ${found} is reserved${found === 15 ? " before 5.0" : ""}`,
    );
    return { kind: "malformed", raw, violations: cursor.violations };
  }
  cursor.type = type;
  cursor.sender ??= SENDERS[type];
  if (type === "CONNECT") takeVersion(cursor);
  if (header > 2 && room[start + header - 1] === 0 && cursor.version === "5.0") {
    cursor.violate(
      "remaining-length-overlong",
      start + 1,
      "The remaining length is encoded in more bytes than needed",
    );
  }
  if (type !== "PUBLISH") checkFlags(cursor, type, first & 0x0f, start);
  const packet = readBody(cursor, type, first & 0x0f, start);
  if (cursor.at < end && !cursor.failed) {
    const bytes = cursor.left === 1 ? "1 byte" : `${cursor.left} bytes`;
    cursor.violate("trailing-bytes", cursor.at, `The ${type} has ${bytes} after its last field`);
  }
  if (cursor.failed) return { kind: "malformed", type, raw, violations: cursor.violations };
  return { kind: "packet", packet, raw, violations: cursor.violations };
}

function readBody(cursor: Cursor, type: PacketType, flags: number, start: number): Packet {
  switch (type) {
    case "PUBLISH":
      return readPublish(cursor, flags, start);
    case "PUBACK":
    case "PUBREC":
    case "PUBREL":
    case "PUBCOMP":
      return readAckOf(cursor, type);
    case "SUBSCRIBE":
      return readSubscribe(cursor);
    case "SUBACK":
      return readSuback(cursor);
    case "UNSUBSCRIBE":
      return readUnsubscribe(cursor);
    case "UNSUBACK":
      return readUnsuback(cursor);
    case "PINGREQ":
    case "PINGRESP":
      return { type };
    case "CONNECT":
      return readConnect(cursor);
    case "CONNACK":
      return readConnack(cursor);
    case "DISCONNECT":
      return readDisconnect(cursor);
    case "AUTH":
      return readAuth(cursor);
  }
}

function readAckOf(cursor: Cursor, type: "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP"): Packet {
  switch (type) {
    case "PUBACK":
      return readAck(cursor, type);
    case "PUBREC":
      return readAck(cursor, type);
    case "PUBREL":
      return readAck(cursor, type);
    case "PUBCOMP":
      return readAck(cursor, type);
  }
}

// The level decides how everything after it is read and which clauses apply.
function takeVersion(cursor: Cursor): void {
  const { bytes, at, end } = cursor;
  const levelAt = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  if (levelAt >= end) return;
  const level = bytes[levelAt];
  if (level === 3) cursor.version = "3.1";
  else if (level === 4) cursor.version = "3.1.1";
  else if (level === 5) cursor.version = "5.0";
}

function checkFlags(cursor: Cursor, type: PacketType, flags: number, at: number): void {
  const wanted = type === "PUBREL" || type === "SUBSCRIBE" || type === "UNSUBSCRIBE" ? 0x2 : 0x0;
  if (flags === wanted) return;
  // In 3.1 these bits are DUP, QoS and RETAIN for every packet: QoS is 1 for these three, and the others are
  // unused.
  if (cursor.version === "3.1" && (wanted === 0 || (flags & 0x6) === wanted)) return;
  const bits = flags.toString(2).padStart(4, "0");
  const right = wanted.toString(2).padStart(4, "0");
  cursor.violate("reserved-flags", at, `The flags of ${type} are ${bits}; they must be ${right}`);
}
