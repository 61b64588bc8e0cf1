import type { PacketType, ProtocolVersion } from "./packet.ts";

/** The packets that have a reason code, or in 3.x a return code; the columns of the table below, in order. */
export const REASONED_TYPES = [
  "CONNACK",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBACK",
  "UNSUBACK",
  "DISCONNECT",
  "AUTH",
] as const satisfies readonly PacketType[];
/** One of {@link REASONED_TYPES}. */
export type ReasonedType = (typeof REASONED_TYPES)[number];

type Names = ReadonlyMap<number, string>;

// One row per code, with an x under each packet that may contain it [5.0 section 2.4].
// CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH
const CODES: readonly (readonly [code: number, name: string, allowed: string])[] = [
  [0x00, "Success", "xxxxx.x.x"],
  [0x00, "Granted QoS 0", ".....x..."],
  [0x00, "Normal disconnection", ".......x."],
  [0x01, "Granted QoS 1", ".....x..."],
  [0x02, "Granted QoS 2", ".....x..."],
  [0x04, "Disconnect with Will Message", ".......x."],
  [0x10, "No matching subscribers", ".xx......"],
  [0x11, "No subscription existed", "......x.."],
  [0x18, "Continue authentication", "........x"],
  [0x19, "Re-authenticate", "........x"],
  [0x80, "Unspecified error", "xxx..xxx."],
  [0x81, "Malformed Packet", "x......x."],
  [0x82, "Protocol Error", "x......x."],
  [0x83, "Implementation specific error", "xxx..xxx."],
  [0x84, "Unsupported Protocol Version", "x........"],
  [0x85, "Client Identifier not valid", "x........"],
  [0x86, "Bad User Name or Password", "x........"],
  [0x87, "Not authorized", "xxx..xxx."],
  [0x88, "Server unavailable", "x........"],
  [0x89, "Server busy", "x......x."],
  [0x8a, "Banned", "x........"],
  [0x8b, "Server shutting down", ".......x."],
  [0x8c, "Bad authentication method", "x......x."],
  [0x8d, "Keep Alive timeout", ".......x."],
  [0x8e, "Session taken over", ".......x."],
  [0x8f, "Topic Filter invalid", ".....xxx."],
  [0x90, "Topic Name invalid", "xxx....x."],
  [0x91, "Packet Identifier in use", ".xx..xx.."],
  [0x92, "Packet Identifier not found", "...xx...."],
  [0x93, "Receive Maximum exceeded", ".......x."],
  [0x94, "Topic Alias invalid", ".......x."],
  [0x95, "Packet too large", "x......x."],
  [0x96, "Message rate too high", ".......x."],
  [0x97, "Quota exceeded", "xxx..x.x."],
  [0x98, "Administrative action", ".......x."],
  [0x99, "Payload format invalid", "xxx....x."],
  [0x9a, "Retain not supported", "x......x."],
  [0x9b, "QoS not supported", "x......x."],
  [0x9c, "Use another server", "x......x."],
  [0x9d, "Server moved", "x......x."],
  [0x9e, "Shared Subscriptions not supported", ".....x.x."],
  [0x9f, "Connection rate exceeded", "x......x."],
  [0xa0, "Maximum connect time", ".......x."],
  [0xa1, "Subscription Identifiers not supported", ".....x.x."],
  [0xa2, "Wildcard Subscriptions not supported", ".....x.x."],
];

const V5: ReadonlyMap<string, Names> = new Map(
  REASONED_TYPES.map((type, column) => [
    type,
    new Map(CODES.filter(([, , allowed]) => allowed[column] === "x").map(([code, name]) => [code, name])),
  ]),
);

const CONNACK_V3: Names = new Map([
  [0, "Connection Accepted"],
  [1, "Connection Refused, unacceptable protocol version"],
  [2, "Connection Refused, identifier rejected"],
  [3, "Connection Refused, Server unavailable"],
  [4, "Connection Refused, bad user name or password"],
  [5, "Connection Refused, not authorized"],
]);
const SUBACK_V31: Names = new Map([
  [0, "Granted QoS 0"],
  [1, "Granted QoS 1"],
  [2, "Granted QoS 2"],
]);
const SUBACK_V311: Names = new Map([...SUBACK_V31, [0x80, "Failure"]]);
const NONE: Names = new Map();

/**
 * Returns the codes that a packet may contain and their names: return codes of CONNACK and SUBACK in 3.1 and
 * 3.1.1 (sections 3.2.2.3 and 3.9.3), reason codes in 5.0 (section 2.4). Empty for a packet without codes.
 */
export function reasons(type: PacketType, version: ProtocolVersion): ReadonlyMap<number, string> {
  if (version === "5.0") return V5.get(type) ?? NONE;
  if (type === "CONNACK") return CONNACK_V3;
  if (type === "SUBACK") return version === "3.1" ? SUBACK_V31 : SUBACK_V311;
  return NONE;
}

/** Returns the name of a reason or return code in this packet, or undefined if the packet may not contain it. */
export function reasonName(type: PacketType, version: ProtocolVersion, code: number): string | undefined {
  return reasons(type, version).get(code);
}
