import type { QoS } from "../../mqtt/packet.ts";

/** A text of a draft, whether it is written as text or as bytes. */
export function asText(value: string | Uint8Array | undefined): string {
  return typeof value === "string" ? value : new TextDecoder().decode(value);
}

/** The bytes of a value of a draft; none where it has none. */
export function asBytes(value: string | Uint8Array | undefined): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value ?? new Uint8Array();
}

/** The QoS of a draft; 0 where it has none that there is. */
export function asQoS(value: number | undefined): QoS {
  return value === 1 || value === 2 ? value : 0;
}
