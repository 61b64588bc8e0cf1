/** Packets that break exactly one encoding rule. */
import type { Frame } from "../frame.ts";
import type { Draft, ProtocolVersion, WireOverrides } from "../packet.ts";
import type { Rule } from "../rules.ts";

export interface BrokenPacket {
  readonly rule: Rule;
  readonly version: ProtocolVersion;
  readonly kind: Frame["kind"];
  readonly clause?: string | undefined;
  readonly offset: number;
  readonly note: string;
  /** What to send: a draft, or bytes. */
  readonly sent: Draft | Uint8Array;
  /** An earlier packet on the same stream. */
  readonly after?: Draft;
}

type Row = Omit<BrokenPacket, "rule" | "version" | "kind" | "clause" | "offset" | "note">;
type Clauses = Partial<Record<ProtocolVersion, string | undefined>>;

const found: BrokenPacket[] = [];

/** Adds one row for each version in `clauses`; undefined means a rule without a number there. */
function row(
  rule: Rule,
  kind: Frame["kind"],
  clauses: Clauses,
  offset: number,
  note: string,
  sent: Draft | Uint8Array,
  more: Partial<Row> = {},
): void {
  for (const version of ["3.1", "3.1.1", "5.0"] as const) {
    if (!Object.hasOwn(clauses, version)) continue;
    found.push({ rule, version, kind, clause: clauses[version], offset, note, sent, ...more });
  }
}

const NO_NUMBER = { "3.1.1": undefined, "5.0": undefined };
const both = (id: string) => ({ "3.1.1": id, "5.0": id });
const each = (v3: string, v5: string) => ({ "3.1.1": v3, "5.0": v5 });
const only3 = (id?: string) => ({ "3.1.1": id });
const only5 = (id?: string) => ({ "5.0": id });
const bytes = (...values: number[]) => Uint8Array.from(values);

const EMPTY: Draft = { type: "PINGREQ" };
const PUBLISH = { type: "PUBLISH", topic: "a" } as const;
const CONNECT = { type: "CONNECT", clientId: "c" } as const;
const SUBSCRIBE = { type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "a" }] } as const;
const wire = (wire: WireOverrides) => ({ wire });

// The fixed header
row("reserved-type", "malformed", { "3.1": undefined, ...NO_NUMBER }, 0, "type 0", {
  ...EMPTY,
  wire: { typeBits: 0 },
});
row("reserved-type", "malformed", { "3.1": undefined, "3.1.1": undefined }, 0, "AUTH", { type: "AUTH" });
const FLAGS = each("MQTT-2.2.2-1", "MQTT-2.1.3-1");
row("reserved-flags", "packet", FLAGS, 0, "PINGREQ with flags 0001", { ...EMPTY, wire: { flags: 1 } });
row("reserved-flags", "packet", FLAGS, 0, "CONNECT with flags 1000", { ...CONNECT, ...wire({ flags: 8 }) });
row("reserved-flags", "packet", FLAGS, 0, "SUBSCRIBE with flags 0000", {
  ...SUBSCRIBE,
  ...wire({ flags: 0 }),
});
row("reserved-flags", "packet", FLAGS, 0, "PUBREL with flags 0011", {
  type: "PUBREL",
  packetId: 1,
  wire: { flags: 3 },
});
row("reserved-flags", "packet", { "3.1": undefined }, 0, "SUBSCRIBE at QoS 0", {
  ...SUBSCRIBE,
  ...wire({ flags: 0 }),
});
row("remaining-length-overlong", "packet", only5("MQTT-1.5.5-1"), 1, "0 in two bytes", bytes(0xc0, 0x80, 0));
row(
  "remaining-length-unending",
  "broken",
  NO_NUMBER,
  1,
  "five bytes",
  bytes(0x30, 0xff, 0xff, 0xff, 0xff, 1),
);
row("packet-too-large", "broken", NO_NUMBER, 1, "one byte over the limit", bytes(0x30, 0xff, 0x1f));
row("packet-too-short", "malformed", NO_NUMBER, 2, "PUBACK with one byte", bytes(0x40, 1, 1));
row(
  "packet-too-short",
  "malformed",
  NO_NUMBER,
  2,
  "a topic name longer than the packet",
  bytes(0x30, 3, 0, 2, 0x61),
);
row("packet-too-short", "malformed", NO_NUMBER, 2, "an empty PUBLISH", bytes(0x30, 0));
row("trailing-bytes", "packet", NO_NUMBER, 2, "PINGREQ with a body", {
  ...EMPTY,
  wire: { append: bytes(1) },
});
row("trailing-bytes", "packet", only3(), 4, "CONNACK with a third byte", bytes(0x20, 3, 0, 0, 0));
row("trailing-bytes", "packet", only3(), 2, "DISCONNECT with a reason", bytes(0xe0, 1, 4));
row("trailing-bytes", "packet", only3(), 15, "CONNECT with a user name and no flag", {
  ...CONNECT,
  ...wire({ append: bytes(0, 1, 0x61) }),
});
// The property length follows the client id in 5.0 only.
row("trailing-bytes", "packet", only5(), 16, "CONNECT with a user name and no flag", {
  ...CONNECT,
  ...wire({ append: bytes(0, 1, 0x61) }),
});

// Text
const ILL_FORMED = each("MQTT-1.5.3-1", "MQTT-1.5.4-1");
row("utf8-ill-formed", "packet", ILL_FORMED, 5, "a lone continuation byte", {
  ...PUBLISH,
  topic: bytes(0x61, 0x80),
});
row("utf8-ill-formed", "packet", ILL_FORMED, 4, "an over-long slash", {
  ...PUBLISH,
  topic: bytes(0xc0, 0xaf),
});
row("utf8-ill-formed", "packet", ILL_FORMED, 4, "an over-long form of three bytes", {
  ...PUBLISH,
  topic: bytes(0xe0, 0x80, 0xaf),
});
row("utf8-ill-formed", "packet", ILL_FORMED, 4, "beyond U+10FFFF", {
  ...PUBLISH,
  topic: bytes(0xf4, 0x90, 0x80, 0x80),
});
row("utf8-ill-formed", "packet", ILL_FORMED, 4, "a character cut off", {
  ...PUBLISH,
  topic: bytes(0xe2, 0x82),
});
row("utf8-ill-formed", "packet", only3("MQTT-1.5.3-1"), 14, "in a client id", {
  type: "CONNECT",
  clientId: bytes(0xff),
});
row("utf8-surrogate", "packet", ILL_FORMED, 4, "U+D800", { ...PUBLISH, topic: "\ud800" });
row("utf8-nul", "packet", each("MQTT-1.5.3-2", "MQTT-1.5.4-2"), 5, "in a topic name", {
  ...PUBLISH,
  topic: "a\0",
});
row("utf8-nul", "packet", { "3.1": undefined }, 2, "in a topic name", { ...PUBLISH, topic: "a\0" });
row("utf8-nul", "packet", { "3.1": undefined }, 4, "in a topic filter", {
  ...SUBSCRIBE,
  subscriptions: [{ filter: "a\0" }],
});

// Packet identifiers
const ZERO = { ...PUBLISH, qos: 1, packetId: 0 };
row("packet-id-zero", "packet", only3("MQTT-2.3.1-1"), 5, "in PUBLISH", ZERO);
row("packet-id-zero", "packet", only5(), 5, "in PUBLISH of an unknown sender", ZERO);
row("packet-id-zero", "packet", only5("MQTT-2.2.1-3"), 5, "in a client's PUBLISH", ZERO, {
  after: { type: "PINGREQ" },
});
row("packet-id-zero", "packet", only5("MQTT-2.2.1-4"), 5, "in a server's PUBLISH", ZERO, {
  after: { type: "PINGRESP" },
});
for (const type of ["PUBACK", "PUBREC", "PUBREL"] as const) {
  row("packet-id-zero", "packet", each("MQTT-2.3.1-6", "MQTT-2.2.1-5"), 2, `in ${type}`, {
    type,
    packetId: 0,
  });
}
row("packet-id-zero", "packet", each("MQTT-4.3.3-2", "MQTT-2.2.1-5"), 2, "in PUBCOMP", {
  type: "PUBCOMP",
  packetId: 0,
});
row("packet-id-zero", "packet", each("MQTT-2.3.1-1", "MQTT-2.2.1-3"), 2, "in SUBSCRIBE", {
  ...SUBSCRIBE,
  packetId: 0,
});
row("packet-id-zero", "packet", each("MQTT-2.3.1-1", "MQTT-2.2.1-3"), 2, "in UNSUBSCRIBE", {
  type: "UNSUBSCRIBE",
  packetId: 0,
  filters: ["a"],
});
for (const type of ["SUBACK", "UNSUBACK"] as const) {
  const sent = { type, packetId: 0, reasons: [0] };
  row("packet-id-zero", "packet", each("MQTT-2.3.1-7", "MQTT-2.2.1-6"), 2, `in ${type}`, sent);
}

// CONNECT and CONNACK
row("protocol-name", "packet", { "3.1": undefined, ...both("MQTT-3.1.2-1") }, 2, "another name", {
  ...CONNECT,
  protocolName: "mqtt",
});
row("protocol-level", "packet", both("MQTT-3.1.2-2"), 8, "level 6", { ...CONNECT, protocolLevel: 6 });
const RESERVED = both("MQTT-3.1.2-3");
row("connect-flag-reserved", "packet", RESERVED, 9, "bit 0", { ...CONNECT, ...wire({ connectFlags: 0x03 }) });
const WILL_QOS = each("MQTT-3.1.2-13", "MQTT-3.1.2-11");
row("will-qos-without-will", "packet", WILL_QOS, 9, "will QoS 1", {
  ...CONNECT,
  ...wire({ connectFlags: 0x0a }),
});
const WILL_RETAIN = each("MQTT-3.1.2-15", "MQTT-3.1.2-13");
row("will-retain-without-will", "packet", WILL_RETAIN, 9, "the flag", {
  ...CONNECT,
  ...wire({ connectFlags: 0x22 }),
});
row("will-qos-3", "malformed", each("MQTT-3.1.2-14", "MQTT-3.1.2-12"), 9, "beside a will", {
  ...CONNECT,
  will: { topic: "w", qos: 3 },
});
row("password-without-user-name", "packet", only3("MQTT-3.1.2-22"), 9, "the flags", {
  ...CONNECT,
  password: "p",
});
row("password-without-user-name", "packet", { "3.1": undefined }, 11, "the flags", {
  ...CONNECT,
  password: "p",
});
row("connack-flags", "packet", only3(), 2, "bit 1", { type: "CONNACK", wire: { body: bytes(2, 0) } });
row("connack-flags", "packet", only5("MQTT-3.2.2-1"), 2, "bit 1", {
  type: "CONNACK",
  wire: { body: bytes(2, 0, 0) },
});
const PRESENT = { type: "CONNACK", sessionPresent: true } as const;
row("session-present-with-error", "packet", only3("MQTT-3.2.2-4"), 2, "code 5", { ...PRESENT, reason: 5 });
row("session-present-with-error", "packet", only5("MQTT-3.2.2-6"), 2, "code 0x87", {
  ...PRESENT,
  reason: 0x87,
});

// PUBLISH
row("qos-3", "malformed", both("MQTT-3.3.1-4"), 0, "both bits", { ...PUBLISH, qos: 3, packetId: 1 });
row("dup-at-qos-0", "packet", both("MQTT-3.3.1-2"), 0, "the flag", { ...PUBLISH, dup: true });
row("topic-empty", "packet", both("MQTT-4.7.3-1"), 2, "without an alias", { ...PUBLISH, topic: "" });
row("topic-wildcard", "packet", both("MQTT-3.3.2-2"), 2, "a plus sign", { ...PUBLISH, topic: "a/+" });
row("topic-wildcard", "packet", both("MQTT-3.3.2-2"), 2, "a number sign", { ...PUBLISH, topic: "a#" });
row("topic-wildcard", "packet", only3("MQTT-4.7.1-1"), 15, "in a will topic", {
  ...CONNECT,
  will: { topic: "#" },
});
row("topic-wildcard", "packet", only5("MQTT-4.7.0-1"), 17, "in a will topic", {
  ...CONNECT,
  will: { topic: "#" },
});
row("topic-empty", "packet", only3("MQTT-4.7.3-1"), 15, "in a will", { ...CONNECT, will: { topic: "" } });

// SUBSCRIBE, UNSUBSCRIBE and their answers
const NO_FILTERS = { type: "UNSUBSCRIBE", packetId: 1 } as const;
row("no-subscriptions", "packet", only3("MQTT-3.8.3-3"), 4, "SUBSCRIBE", { type: "SUBSCRIBE", packetId: 1 });
row("no-subscriptions", "packet", only5("MQTT-3.8.3-2"), 5, "SUBSCRIBE", { type: "SUBSCRIBE", packetId: 1 });
row("no-subscriptions", "packet", only3("MQTT-3.10.3-2"), 4, "UNSUBSCRIBE", NO_FILTERS);
row("no-subscriptions", "packet", only5("MQTT-3.10.3-2"), 5, "UNSUBSCRIBE", NO_FILTERS);
row("no-reasons", "packet", only3("MQTT-3.8.4-5"), 4, "SUBACK", { type: "SUBACK", packetId: 1 });
row("no-reasons", "packet", only5("MQTT-3.8.4-6"), 5, "SUBACK", { type: "SUBACK", packetId: 1 });
row("no-reasons", "packet", only5("MQTT-3.11.3-2"), 5, "UNSUBACK", { type: "UNSUBACK", packetId: 1 });
const options = (value: number, filter = "a") => ({
  type: "SUBSCRIBE",
  packetId: 1,
  wire: { append: Uint8Array.of(0, filter.length, ...new TextEncoder().encode(filter), value) },
} as const);
row("subscription-options-reserved", "packet", only3("MQTT-3.8.3-4"), 7, "bit 2", options(0x05));
row("subscription-options-reserved", "packet", only5("MQTT-3.8.3-5"), 8, "bit 6", options(0x41));
row("subscription-qos-3", "malformed", only3("MQTT-3.8.3-4"), 7, "both bits", options(0x03));
row("subscription-qos-3", "malformed", only5(), 8, "both bits", options(0x03));
row("retain-handling-3", "malformed", only5(), 8, "both bits", options(0x30));
row("no-local-on-shared", "packet", only5("MQTT-3.8.3-4"), 17, "the flag", options(0x04, "$share/g/a"));
const filter = (filter: string) => ({ ...SUBSCRIBE, subscriptions: [{ filter }] });
row("filter-empty", "packet", only3("MQTT-4.7.3-1"), 4, "no character", filter(""));
row("filter-empty", "packet", only5("MQTT-4.7.3-1"), 5, "no character", filter(""));
row("filter-multi-level", "packet", only3("MQTT-4.7.1-2"), 4, "not the last", filter("a/#/b"));
row("filter-multi-level", "packet", only5("MQTT-4.7.1-1"), 5, "not alone in its level", filter("a#"));
row("filter-single-level", "packet", only3("MQTT-4.7.1-3"), 4, "not alone in its level", filter("a+/b"));
row("filter-single-level", "packet", only5("MQTT-4.7.1-2"), 5, "in UNSUBSCRIBE", {
  ...NO_FILTERS,
  filters: ["+a"],
});
row("share-name-empty", "packet", only5("MQTT-4.8.2-1"), 5, "no character", filter("$share//a"));
row("share-name-wildcard", "packet", only5("MQTT-4.8.2-2"), 5, "a plus sign", filter("$share/+/a"));
row("share-without-filter", "packet", only5("MQTT-4.8.2-2"), 5, "no filter", filter("$share/g"));

// Reason codes
row("reason-code", "packet", only3("MQTT-3.2.2-6"), 3, "CONNACK", { type: "CONNACK", reason: 6 });
row("reason-code", "packet", only5("MQTT-3.2.2-8"), 3, "CONNACK", { type: "CONNACK", reason: 6 });
row("reason-code", "packet", only5("MQTT-3.4.2-1"), 4, "PUBACK", {
  type: "PUBACK",
  packetId: 1,
  reason: 0x92,
});
row("reason-code", "packet", only5("MQTT-3.5.2-1"), 4, "PUBREC", {
  type: "PUBREC",
  packetId: 1,
  reason: 0x01,
});
row("reason-code", "packet", only5("MQTT-3.6.2-1"), 4, "PUBREL", {
  type: "PUBREL",
  packetId: 1,
  reason: 0x80,
});
row("reason-code", "packet", only5("MQTT-3.7.2-1"), 4, "PUBCOMP", {
  type: "PUBCOMP",
  packetId: 1,
  reason: 0x10,
});
const CODES = { type: "SUBACK", packetId: 1, reasons: [0, 3] } as const;
row("reason-code", "packet", { "3.1": undefined, "3.1.1": "MQTT-3.9.3-2" }, 5, "SUBACK", CODES);
row("reason-code", "packet", only5("MQTT-3.9.3-2"), 6, "SUBACK", CODES);
row("reason-code", "packet", { "3.1": undefined }, 4, "SUBACK with 0x80", { ...CODES, reasons: [0x80] });
row("reason-code", "packet", only5("MQTT-3.11.3-2"), 5, "UNSUBACK", {
  type: "UNSUBACK",
  packetId: 1,
  reasons: [1],
});
row("reason-code", "packet", only5("MQTT-3.14.2-1"), 2, "DISCONNECT", { type: "DISCONNECT", reason: 0x84 });
row("reason-code", "packet", only5("MQTT-3.15.2-1"), 2, "AUTH", { type: "AUTH", reason: 0x80 });

// Properties
const property = (name: string, value: number | string | Uint8Array) => ({
  ...PUBLISH,
  properties: [{ name, value }],
});
row(
  "property-length-missing",
  "packet",
  only5("MQTT-2.2.2-1"),
  4,
  "CONNACK as 3.1.1 has it",
  bytes(0x20, 2, 0, 0),
);
row("property-length-too-large", "malformed", only5(), 5, "one byte more than there is", {
  ...PUBLISH,
  ...wire({ propertyLength: 1 }),
});
row("property-unknown", "malformed", only5(), 6, "0x7e", property("0x7e", bytes(0)));
row("property-cut", "malformed", only5(), 7, "a number cut off", property("0x02", bytes(0, 0)));
row(
  "property-cut",
  "malformed",
  only5(),
  7,
  "a text longer than its list",
  property("0x03", bytes(0, 9, 0x61)),
);
row("property-misplaced", "packet", only5(), 6, "serverKeepAlive in PUBLISH", property("serverKeepAlive", 1));
row("property-misplaced", "packet", only5("MQTT-3.3.4-6"), 6, "subscriptionIdentifier of a client", {
  ...property("subscriptionIdentifier", 1),
}, { after: CONNECT });
row("property-misplaced", "packet", only5("MQTT-3.14.2-2"), 4, "sessionExpiryInterval of a server", {
  type: "DISCONNECT",
  properties: [{ name: "sessionExpiryInterval", value: 1 }],
}, { after: { type: "CONNACK" } });
row("property-twice", "packet", only5(), 9, "contentType", {
  ...PUBLISH,
  properties: [{ name: "contentType", value: "" }, { name: "contentType", value: "" }],
});
row("property-twice", "packet", only5(), 7, "subscriptionIdentifier in SUBSCRIBE", {
  ...SUBSCRIBE,
  properties: [{ name: "subscriptionIdentifier", value: 1 }, { name: "subscriptionIdentifier", value: 2 }],
});
row(
  "property-range",
  "packet",
  only5(),
  6,
  "payloadFormatIndicator 2",
  property("payloadFormatIndicator", 2),
);
row(
  "property-range",
  "packet",
  only5(),
  6,
  "subscriptionIdentifier 0",
  property("subscriptionIdentifier", 0),
);
row("topic-alias-zero", "packet", only5("MQTT-3.3.2-8"), 6, "the value", property("topicAlias", 0));
row(
  "response-topic-wildcard",
  "packet",
  only5("MQTT-3.3.2-14"),
  6,
  "a plus sign",
  property("responseTopic", "+"),
);
row("variable-overlong", "packet", only5("MQTT-1.5.5-1"), 7, "1 in two bytes", {
  ...property("subscriptionIdentifier", bytes(0x81, 0)),
});
row("variable-unending", "malformed", only5(), 7, "five bytes", {
  ...property("subscriptionIdentifier", bytes(0xff, 0xff, 0xff, 0xff, 1)),
});
row("authentication-data-alone", "packet", only5(), 12, "in CONNECT", {
  ...CONNECT,
  properties: [{ name: "authenticationData", value: "x" }],
});

/** One row per rule and version. */
export const VIOLATIONS: readonly BrokenPacket[] = found;
