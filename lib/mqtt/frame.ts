import type { Packet, PacketType, PublishPacket } from "./packet.ts";

/** A broken encoding rule in a received packet. */
export interface Violation {
  /** A stable name for the rule: `reserved-flags`, `utf8-surrogate`, `property-twice`. */
  readonly rule: string;
  /** The clause in the decoder's protocol version, if the rule has a number. */
  readonly clause?: string;
  /** The offset of the byte in the packet that shows it; 0 is the first byte of the fixed header. */
  readonly offset: number;
  /** One sentence: what was found and what is allowed. */
  readonly message: string;
}

/** A packet with readable fields; it may still break rules. */
export interface PacketFrame {
  readonly kind: "packet";
  readonly packet: Packet;
  /** The whole packet as received. */
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** A packet with known boundaries but unreadable contents; at least one violation says why. */
export interface MalformedFrame {
  readonly kind: "malformed";
  /** Absent if the type bits are reserved. */
  readonly type?: PacketType;
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** A packet that is larger than the decoder keeps, with its first bytes only. The stream continues after it. */
export interface OversizedFrame {
  readonly kind: "oversized";
  /** Absent if the type bits are reserved. */
  readonly type?: PacketType;
  /** The size of the whole packet in bytes according to its header; it may not have arrived completely. */
  readonly size: number;
  /** Its first bytes. */
  readonly raw: Uint8Array;
  /** The PUBLISH with the start of its payload, if its topic and properties are in the first bytes. */
  readonly begin?: PublishPacket;
  readonly violations: readonly Violation[];
}

/** The end of the readable stream: a remaining length of five bytes, or one over the decoder's limit. */
export interface BrokenFrame {
  readonly kind: "broken";
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** Returns the packet of a frame if it is readable; for an oversized one with the start of its payload. */
export function packetIn(frame: Frame): Packet | undefined {
  if (frame.kind === "packet") return frame.packet;
  return frame.kind === "oversized" ? frame.begin : undefined;
}

/** Returns the type of the packet in a frame, if known. */
export function typeOf(frame: Frame): PacketType | undefined {
  if (frame.kind === "packet") return frame.packet.type;
  return frame.kind === "malformed" ? frame.type : undefined;
}

/** The decoder's result for each packet of a stream. */
export type Frame = PacketFrame | MalformedFrame | OversizedFrame | BrokenFrame;
