import type { Packet, PacketType, PublishPacket } from "./packet.ts";

/** A broken encoding rule, found in a received packet. */
export interface Violation {
  /** The rule in a word or two, stable: `reserved-flags`, `utf8-surrogate`, `property-twice`. */
  readonly rule: string;
  /** The clause of the decoder's protocol version, where the rule has a number. */
  readonly clause?: string;
  /** The byte in the packet at which it shows, 0 being the first of the fixed header. */
  readonly offset: number;
  /** One sentence: what was found and what is allowed. */
  readonly message: string;
}

/** A packet whose fields could all be read; it may still break rules. */
export interface PacketFrame {
  readonly kind: "packet";
  readonly packet: Packet;
  /** The whole packet as received. */
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** A packet whose boundaries are known but whose contents cannot be read; at least one violation says why. */
export interface MalformedFrame {
  readonly kind: "malformed";
  /** Absent when the type bits are reserved. */
  readonly type?: PacketType;
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** A packet of which only the first bytes are kept, since it is larger than the decoder keeps; the stream goes on behind it. */
export interface OversizedFrame {
  readonly kind: "oversized";
  /** Absent when the type bits are reserved. */
  readonly type?: PacketType;
  /** The size of the whole packet in bytes, as its header says; it need not have come yet. */
  readonly size: number;
  /** Its first bytes. */
  readonly raw: Uint8Array;
  /** A PUBLISH whose topic and properties lie in the first bytes, with the begin of its payload. */
  readonly begin?: PublishPacket;
  readonly violations: readonly Violation[];
}

/** The stream can no longer be cut into packets: a remaining length of five bytes, or over the decoder's limit. */
export interface BrokenFrame {
  readonly kind: "broken";
  readonly raw: Uint8Array;
  readonly violations: readonly Violation[];
}

/** The packet of a frame that could be read, with the begin of its payload where the whole is not kept. */
export function packetIn(frame: Frame): Packet | undefined {
  if (frame.kind === "packet") return frame.packet;
  return frame.kind === "oversized" ? frame.begin : undefined;
}

/** The type of the packet in a frame, where it can be told. */
export function typeOf(frame: Frame): PacketType | undefined {
  if (frame.kind === "packet") return frame.packet.type;
  return frame.kind === "malformed" ? frame.type : undefined;
}

/** What a decoder gives for each packet of a stream. */
export type Frame = PacketFrame | MalformedFrame | OversizedFrame | BrokenFrame;
