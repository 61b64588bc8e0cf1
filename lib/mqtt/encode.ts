import type { Draft, ProtocolVersion } from "./packet.ts";

/** Encodes a packet as it is told, right or wrong. */
export function encode(_draft: Draft, _version: ProtocolVersion): Uint8Array {
  throw new Error("Not written yet");
}
