import type { PacketType, ProtocolVersion } from "./packet.ts";

interface RuleClauses {
  readonly "3.1.1"?: string;
  readonly "5.0"?: string;
}

const both = (clause: string): RuleClauses => ({ "3.1.1": clause, "5.0": clause });
const each = (v3: string, v5: string): RuleClauses => ({ "3.1.1": v3, "5.0": v5 });
const only5 = (clause: string): RuleClauses => ({ "5.0": clause });

/**
 * The encoding rules that the decoder checks, each with the clause that states it. MQTT 3.1 does not number
 * its clauses, and some sentences of the other versions have no number either.
 */
const RULES = {
  "reserved-type": {},
  "reserved-flags": each("MQTT-2.2.2-1", "MQTT-2.1.3-1"),
  "remaining-length-overlong": only5("MQTT-1.5.5-1"),
  "remaining-length-unending": {},
  "packet-too-large": {},
  "packet-too-short": {},
  "trailing-bytes": {},
  "variable-overlong": only5("MQTT-1.5.5-1"),
  "variable-unending": {},
  "utf8-ill-formed": each("MQTT-1.5.3-1", "MQTT-1.5.4-1"),
  "utf8-surrogate": each("MQTT-1.5.3-1", "MQTT-1.5.4-1"),
  "utf8-nul": each("MQTT-1.5.3-2", "MQTT-1.5.4-2"),
  "packet-id-zero": { "3.1.1": "MQTT-2.3.1-1" },
  "packet-id-zero from client": only5("MQTT-2.2.1-3"),
  "packet-id-zero from server": only5("MQTT-2.2.1-4"),
  "packet-id-zero in SUBSCRIBE": each("MQTT-2.3.1-1", "MQTT-2.2.1-3"),
  "packet-id-zero in UNSUBSCRIBE": each("MQTT-2.3.1-1", "MQTT-2.2.1-3"),
  "packet-id-zero in PUBACK": each("MQTT-2.3.1-6", "MQTT-2.2.1-5"),
  "packet-id-zero in PUBREC": each("MQTT-2.3.1-6", "MQTT-2.2.1-5"),
  "packet-id-zero in PUBREL": each("MQTT-2.3.1-6", "MQTT-2.2.1-5"),
  "packet-id-zero in PUBCOMP": each("MQTT-4.3.3-2", "MQTT-2.2.1-5"),
  "packet-id-zero in SUBACK": each("MQTT-2.3.1-7", "MQTT-2.2.1-6"),
  "packet-id-zero in UNSUBACK": each("MQTT-2.3.1-7", "MQTT-2.2.1-6"),
  "protocol-name": both("MQTT-3.1.2-1"),
  "protocol-level": both("MQTT-3.1.2-2"),
  "connect-flag-reserved": both("MQTT-3.1.2-3"),
  "will-qos-without-will": each("MQTT-3.1.2-13", "MQTT-3.1.2-11"),
  "will-qos-3": each("MQTT-3.1.2-14", "MQTT-3.1.2-12"),
  "will-retain-without-will": each("MQTT-3.1.2-15", "MQTT-3.1.2-13"),
  "password-without-user-name": { "3.1.1": "MQTT-3.1.2-22" },
  "connack-flags": only5("MQTT-3.2.2-1"),
  "session-present-with-error": each("MQTT-3.2.2-4", "MQTT-3.2.2-6"),
  "qos-3": both("MQTT-3.3.1-4"),
  "dup-at-qos-0": both("MQTT-3.3.1-2"),
  "topic-empty": both("MQTT-4.7.3-1"),
  "topic-wildcard": each("MQTT-4.7.1-1", "MQTT-4.7.0-1"),
  "topic-wildcard in PUBLISH": both("MQTT-3.3.2-2"),
  "response-topic-wildcard": only5("MQTT-3.3.2-14"),
  "no-subscriptions in SUBSCRIBE": each("MQTT-3.8.3-3", "MQTT-3.8.3-2"),
  "no-subscriptions in UNSUBSCRIBE": both("MQTT-3.10.3-2"),
  "no-reasons in SUBACK": each("MQTT-3.8.4-5", "MQTT-3.8.4-6"),
  "no-reasons in UNSUBACK": only5("MQTT-3.11.3-2"),
  "subscription-options-reserved": each("MQTT-3.8.3-4", "MQTT-3.8.3-5"),
  "subscription-qos-3": { "3.1.1": "MQTT-3.8.3-4" },
  "retain-handling-3": {},
  "no-local-on-shared": only5("MQTT-3.8.3-4"),
  "filter-empty": both("MQTT-4.7.3-1"),
  "filter-multi-level": each("MQTT-4.7.1-2", "MQTT-4.7.1-1"),
  "filter-single-level": each("MQTT-4.7.1-3", "MQTT-4.7.1-2"),
  "share-name-empty": only5("MQTT-4.8.2-1"),
  "share-name-wildcard": only5("MQTT-4.8.2-2"),
  "share-without-filter": only5("MQTT-4.8.2-2"),
  "reason-code in CONNACK": each("MQTT-3.2.2-6", "MQTT-3.2.2-8"),
  "reason-code in PUBACK": only5("MQTT-3.4.2-1"),
  "reason-code in PUBREC": only5("MQTT-3.5.2-1"),
  "reason-code in PUBREL": only5("MQTT-3.6.2-1"),
  "reason-code in PUBCOMP": only5("MQTT-3.7.2-1"),
  "reason-code in SUBACK": both("MQTT-3.9.3-2"),
  "reason-code in UNSUBACK": only5("MQTT-3.11.3-2"),
  "reason-code in DISCONNECT": only5("MQTT-3.14.2-1"),
  "reason-code in AUTH": only5("MQTT-3.15.2-1"),
  "property-length-missing": only5("MQTT-2.2.2-1"),
  "property-length-too-large": {},
  "property-unknown": {},
  "property-cut": {},
  "property-misplaced": {},
  "property-misplaced from client in PUBLISH": only5("MQTT-3.3.4-6"),
  "property-misplaced from server in DISCONNECT": only5("MQTT-3.14.2-2"),
  "property-twice": {},
  "property-range": {},
  "topic-alias-zero": only5("MQTT-3.3.2-8"),
  "authentication-data-alone": {},
} as const satisfies Readonly<Record<string, RuleClauses>>;

/** The end that sent a packet. */
export type SenderRole = "client" | "server";

type Key = keyof typeof RULES;
type Stem<K extends string> = K extends `${infer S} from ${string}` ? S
  : K extends `${infer S} in ${string}` ? S
  : K;

/** The stable name of an encoding rule. */
export type Rule = Stem<Key>;

const CLAUSES: ReadonlyMap<string, RuleClauses> = new Map(Object.entries(RULES));

/** All rules by name, for documents and for tests that break each of them once. */
export const RULE_NAMES: readonly string[] = [
  ...new Set([...CLAUSES.keys()].map((key) => key.replace(/ .*/, ""))),
];

/**
 * Returns the clause that states a rule for this packet, or undefined if the standard has no number for it in
 * this version.
 */
export function ruleClause(
  rule: Rule,
  version: ProtocolVersion,
  type?: PacketType,
  sender?: SenderRole,
): string | undefined {
  if (version === "3.1") return undefined;
  const candidates = [
    `${rule} from ${sender} in ${type}`,
    `${rule} in ${type}`,
    `${rule} from ${sender}`,
    rule,
  ];
  for (const key of candidates) {
    const clause = CLAUSES.get(key)?.[version];
    if (clause !== undefined) return clause;
  }
  return undefined;
}
