import type { Violation } from "../mqtt/frame.ts";

/** Reason codes of 5.0 that a DISCONNECT of the broker gives. */
export const MALFORMED_PACKET = 0x81;
export const PROTOCOL_ERROR = 0x82;
export const PACKET_TOO_LARGE = 0x95;
export const TOPIC_ALIAS_INVALID = 0x94;

/** Rules whose breach 5.0 calls a Protocol Error; a breach of any other makes a Malformed Packet. */
const PROTOCOL_ERRORS = new Set([
  "no-subscriptions",
  "no-reasons",
  "no-local-on-shared",
  "property-misplaced",
  "property-twice",
  "property-range",
  "retain-handling-3",
  "reason-code",
  "topic-empty",
  "response-topic-wildcard",
  "authentication-data-alone",
]);

/** The reason for a DISCONNECT after a packet that breaks these rules. [MQTT-4.13.1-1] of 5.0 */
export function reasonFor(violations: readonly Violation[]): number {
  const rule = violations[0]?.rule;
  if (rule === undefined) return PROTOCOL_ERROR;
  if (rule === "packet-too-large") return PACKET_TOO_LARGE;
  if (rule === "topic-alias-zero") return TOPIC_ALIAS_INVALID;
  return PROTOCOL_ERRORS.has(rule) ? PROTOCOL_ERROR : MALFORMED_PACKET;
}
