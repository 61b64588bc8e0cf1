import type { Draft, Packet, ProtocolVersion } from "../packet.ts";

/** One field of a packet: its description, and its bytes as numbers or as ASCII text. */
export type WireField = readonly [what: string, ...bytes: (number | string)[]];

/** A complete packet with its bytes. */
export interface Fixture {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly packet: Packet;
  /** What to encode, if the packet itself would be encoded in another correct form. */
  readonly draft?: Draft;
  readonly fields: readonly WireField[];
}

/** Returns the bytes of some fields. */
export function bytesOf(fields: readonly WireField[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([, ...bytes]) =>
      bytes.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])
    ),
  );
}
