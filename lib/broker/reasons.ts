import type { Violation } from "../mqtt/frame.ts";

/** Reason codes of 5.0 that the broker uses. */
export const NO_SUBSCRIPTION_EXISTED = 0x11;
/** The lowest reason code of 5.0 that refuses something. */
export const REFUSED = 0x80;
/** Also the code that refuses a filter in a 3.1.1 SUBACK. */
export const FAILURE = 0x80;
export const MALFORMED_PACKET = 0x81;
export const PROTOCOL_ERROR = 0x82;
export const UNSUPPORTED_PROTOCOL_VERSION = 0x84;
export const CLIENT_ID_NOT_VALID = 0x85;
export const NOT_AUTHORIZED = 0x87;
export const BAD_AUTHENTICATION_METHOD = 0x8c;
export const KEEP_ALIVE_TIMEOUT = 0x8d;
export const TOPIC_FILTER_INVALID = 0x8f;
export const TOPIC_NAME_INVALID = 0x90;
export const PACKET_ID_NOT_FOUND = 0x92;
export const RECEIVE_MAXIMUM_EXCEEDED = 0x93;
export const TOPIC_ALIAS_INVALID = 0x94;
export const PACKET_TOO_LARGE = 0x95;
export const QUOTA_EXCEEDED = 0x97;
export const RETAIN_NOT_SUPPORTED = 0x9a;
export const QOS_NOT_SUPPORTED = 0x9b;
export const SHARED_NOT_SUPPORTED = 0x9e;
export const IDENTIFIERS_NOT_SUPPORTED = 0xa1;
export const WILDCARDS_NOT_SUPPORTED = 0xa2;

/** Rules for which 5.0 calls a violation a Protocol Error. A violation of any other rule makes a Malformed Packet. */
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

/** The reason code of the DISCONNECT after a packet that breaks these rules. [MQTT-4.13.1-1] of 5.0 */
export function reasonFor(violations: readonly Violation[]): number {
  const rule = violations[0]?.rule;
  if (rule === undefined) return PROTOCOL_ERROR;
  if (rule === "packet-too-large") return PACKET_TOO_LARGE;
  if (rule === "topic-alias-zero") return TOPIC_ALIAS_INVALID;
  return PROTOCOL_ERRORS.has(rule) ? PROTOCOL_ERROR : MALFORMED_PACKET;
}
