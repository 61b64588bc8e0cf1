import type { QoS } from "../../mqtt/packet.ts";

/** Returns a text of a draft, whether written as text or as bytes. */
export function asText(value: string | Uint8Array | undefined): string {
  return typeof value === "string" ? value : new TextDecoder().decode(value);
}

/** Returns the bytes of a value in a draft, or none if it has no value. */
export function asBytes(value: string | Uint8Array | undefined): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value ?? new Uint8Array();
}

/** Returns the QoS of a draft, or 0 if it is absent or invalid. */
export function asQoS(value: number | undefined): QoS {
  return value === 1 || value === 2 ? value : 0;
}
