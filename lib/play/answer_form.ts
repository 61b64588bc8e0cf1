import type { Arrival } from "../link/mqtt_link.ts";
import { decodeOne } from "../mqtt/decode.ts";
import type { Frame } from "../mqtt/frame.ts";
import { PROTOCOL_VERSIONS } from "../mqtt/packet.ts";

/**
 * Whether the protocol name or level of a CONNECT matches no version, so its answer may have the form of any
 * version.
 */
export function namesNoVersion({ violations }: Frame): boolean {
  return violations.some(({ rule }) => rule === "protocol-name" || rule === "protocol-level");
}

/**
 * Reads the answer to such a CONNECT in the first version in which it breaks no rule; otherwise returns it
 * unchanged.
 */
export function inAnyForm(arrival: Arrival): Arrival {
  if (arrival.kind === "closed" || arrival.violations.length === 0) return arrival;
  const read = PROTOCOL_VERSIONS.map((version) => decodeOne(arrival.raw, version));
  return read.find(({ kind, violations }) => kind === "packet" && violations.length === 0) ?? arrival;
}
