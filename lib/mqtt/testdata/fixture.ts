import type { Draft, Packet, ProtocolVersion } from "../packet.ts";

/** One field of a packet: what it is, and its bytes as numbers, or as ASCII text. */
export type WireField = readonly [what: string, ...bytes: (number | string)[]];

/** A whole packet with its bytes. */
export interface Fixture {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly packet: Packet;
  /** What to encode, where the packet itself would be written in another right form. */
  readonly draft?: Draft;
  readonly fields: readonly WireField[];
}

/** The bytes of some fields. */
export function bytesOf(fields: readonly WireField[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([, ...bytes]) =>
      bytes.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])
    ),
  );
}
