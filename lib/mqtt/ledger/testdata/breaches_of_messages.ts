/** Breaches of the rules about subscribing, deliveries, topic aliases, limits and features. */
import {
  ack,
  AGAIN,
  type Breach,
  c,
  CONNACK,
  KEPT,
  only5,
  OPEN,
  opened,
  PINGREQ,
  PINGRESP,
  properties,
  q1,
  q2,
  s,
  suback,
  subscribe,
} from "./breach.ts";

const all = (v31: string | undefined, v3: string, v5: string) => ({ "3.1": v31, "3.1.1": v3, "5.0": v5 });
const q0 = (more: object = {}) => ({ type: "PUBLISH" as const, topic: "t", payload: "a", ...more });
const SUBSCRIBED = [...OPEN, c(subscribe(1, ["t"], 1)), s(suback(1, 1))];
const RETAINED = { retain: true } as const;
const aliased = (alias: number, topic = "t") => q0({ topic, properties: properties(["topicAlias", alias]) });
const identified = (identifier: number, filter = "t") => ({
  ...subscribe(1, [filter]),
  type: "SUBSCRIBE" as const,
  properties: properties(["subscriptionIdentifier", identifier]),
});
const withIdentifier = (identifier: number) =>
  q0({ properties: properties(["subscriptionIdentifier", identifier]) });

const AT_SERVER = { at: "server" } as const;

export const MESSAGE_BREACHES: readonly Breach[] = [
  {
    rule: "suback-codes",
    clauses: all("MQTT31-3.9-1", "MQTT-3.8.4-5", "MQTT-3.8.4-6"),
    note: "one for two filters",
    breaks: [...OPEN, c(subscribe(1, ["t", "u"])), s(suback(1, 2))],
    keeps: [[...OPEN, c(subscribe(1, ["t", "u"])), s(suback(1, 2, 0))]],
  },
  {
    rule: "unsuback-codes",
    clauses: only5("MQTT-3.11.3-2"),
    note: "two for one filter",
    breaks: [
      ...OPEN,
      c({ type: "UNSUBSCRIBE", packetId: 1, filters: ["t"] }),
      s({ type: "UNSUBACK", packetId: 1, reasons: [0x11, 0x11] }),
    ],
    keeps: [[
      ...OPEN,
      c({ type: "UNSUBSCRIBE", packetId: 1, filters: ["t"] }),
      s({ type: "UNSUBACK", packetId: 1, reasons: [0x11] }),
    ]],
  },
  {
    rule: "granted-above-requested",
    clauses: all("MQTT31-3.9-1", "MQTT-3.8.4-5", "MQTT-3.8.4-7"),
    note: "2 for 1",
    offset: 5,
    further: 1,
    breaks: [...OPEN, c(subscribe(1, ["t", "u"], 1)), s(suback(1, 1, 2))],
    keeps: [[...OPEN, c(subscribe(1, ["t", "u"], 1)), s(suback(1, 0, 1))]],
  },
  {
    rule: "delivery-unsubscribed",
    clauses: all(undefined, "MQTT-3.3.2-3", "MQTT-3.3.2-3"),
    note: "another topic",
    breaks: [...SUBSCRIBED, s(q0({ topic: "u" }))],
    keeps: [
      [...SUBSCRIBED, s(q0())],
      // Before SUBACK.
      [...OPEN, c(subscribe(1, ["t"])), s(q0())],
      // Queued messages may still come after UNSUBACK.
      [
        ...SUBSCRIBED,
        c({ type: "UNSUBSCRIBE", packetId: 2, filters: ["t"] }),
        s({ type: "UNSUBACK", packetId: 2, reasons: [0] }),
        s(q0()),
      ],
      [...OPEN, c(subscribe(1, ["$share/g/t"])), s(suback(1, 0)), s(q0())],
      // Filters with a server-specific meaning.
      [...OPEN, c(subscribe(1, ["$queue/t"])), s(suback(1, 0)), s(q0())],
      [...SUBSCRIBED, { uncertain: "client" }, s(q0({ topic: "u" }))],
    ],
  },
  {
    rule: "delivery-unsubscribed",
    clauses: { "3.1.1": "MQTT-3.3.2-3", "5.0": "MQTT-3.3.2-3" },
    note: "a filter that SUBACK refuses",
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(suback(1, 0x80)), s(q0())],
    keeps: [
      [...OPEN, c(subscribe(1, ["t"])), s(q0())],
      // Granted before; the refusal does not end it.
      [...SUBSCRIBED, c(subscribe(1, ["t"])), s(suback(1, 0x80)), s(q0())],
    ],
  },
  {
    rule: "delivery-unsubscribed",
    clauses: { "3.1.1": "MQTT-3.3.2-3", "5.0": "MQTT-3.3.2-3" },
    note: "in a session that goes on",
    breaks: [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 0)), ...AGAIN, s(q0({ topic: "u" }))],
    keeps: [[...KEPT, c(subscribe(1, ["t"])), s(suback(1, 0)), ...AGAIN, s(q0())]],
  },
  {
    rule: "delivery-above-granted-qos",
    clauses: all("MQTT31-3.8-4", "MQTT-3.8.4-6", "MQTT-3.8.4-8"),
    note: "QoS 2 at a filter of QoS 1",
    breaks: [...SUBSCRIBED, s(q2(1))],
    keeps: [
      [...SUBSCRIBED, s(q1(1))],
      [...SUBSCRIBED, c(subscribe(2, ["+"])), s(suback(2, 2)), s(q2(1))],
      // It was 2 before, and messages from that time may still come.
      [
        ...[...OPEN, c(subscribe(1, ["t"], 2)), s(suback(1, 2)), c(subscribe(2, ["t"], 0)), s(suback(2, 0))],
        s(q2(1)),
      ],
    ],
  },
  {
    rule: "retain-on-live-delivery",
    clauses: all("MQTT31-2.1-5", "MQTT-3.3.1-9", "MQTT-3.3.1-12"),
    note: "RETAIN 1 twice for one SUBSCRIBE",
    breaks: [...SUBSCRIBED, s(q0(RETAINED)), s(q0(RETAINED))],
    keeps: [
      [...SUBSCRIBED, s(q0(RETAINED)), s(q0())],
      [...SUBSCRIBED, s(q0(RETAINED)), c(subscribe(1, ["t"], 1)), s(suback(1, 1)), s(q0(RETAINED))],
      [...SUBSCRIBED, c(subscribe(1, ["#"], 1)), s(suback(1, 1)), s(q0(RETAINED)), s(q0(RETAINED))],
    ],
  },
  {
    rule: "retain-on-live-delivery",
    clauses: only5("MQTT-3.3.1-12"),
    note: "RETAIN 1 with Retain Handling 2",
    breaks: [...OPEN, c(subscribe(1, ["t"], 1, { retainHandling: 2 })), s(suback(1, 1)), s(q0(RETAINED))],
    keeps: [[
      ...[
        ...OPEN,
        c(subscribe(1, ["t"], 1, { retainHandling: 2, retainAsPublished: true })),
        s(suback(1, 1)),
      ],
      s(q0(RETAINED)),
    ]],
  },
  {
    rule: "subscription-identifier-foreign",
    clauses: only5("MQTT-3.3.4-3"),
    note: "one that was never sent",
    offset: 6,
    breaks: [...OPEN, c(identified(5)), s(suback(1, 2)), s(withIdentifier(6))],
    keeps: [
      [...OPEN, c(identified(5)), s(suback(1, 2)), s(withIdentifier(5))],
      // Replaced, on a message from before.
      [...OPEN, c(identified(5)), s(suback(1, 2)), c(identified(6)), s(suback(1, 2)), s(withIdentifier(5))],
    ],
  },
  {
    rule: "subscription-identifier-foreign",
    clauses: only5("MQTT-3.3.4-3"),
    note: "that of another filter",
    offset: 6,
    breaks: [...SUBSCRIBED, c(identified(5, "u")), s(suback(1, 2)), s(withIdentifier(5))],
    keeps: [],
  },
  {
    rule: "subscription-identifier-from-client",
    clauses: only5("MQTT-3.3.4-6"),
    note: "one in a PUBLISH",
    offset: 6,
    breaks: [...OPEN, c(withIdentifier(5))],
    keeps: [[...OPEN, c(q0())]],
  },
  {
    rule: "topic-alias-above-maximum",
    clauses: only5("MQTT-3.3.2-11"),
    note: "4 of a server, 3 allowed",
    offset: 6,
    breaks: [...opened([["topicAliasMaximum", 3]]), c(subscribe(1, ["t"])), s(aliased(4))],
    keeps: [[
      ...opened([["topicAliasMaximum", 3]]),
      c(subscribe(1, ["t"])),
      s(aliased(3)),
      s(aliased(3, "")),
    ]],
  },
  {
    rule: "topic-alias-above-maximum",
    clauses: only5("MQTT-3.1.2-27"),
    note: "1 of a server, none allowed",
    offset: 6,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(aliased(1))],
    keeps: [],
  },
  {
    rule: "topic-alias-above-maximum",
    clauses: only5("MQTT-3.3.2-9"),
    note: "4 of a client, 3 allowed",
    offset: 6,
    breaks: [...opened([], [["topicAliasMaximum", 3]]), c(aliased(4))],
    keeps: [[...opened([], [["topicAliasMaximum", 3]]), c(aliased(3))]],
  },
  {
    rule: "topic-alias-above-maximum",
    clauses: only5("MQTT-3.2.2-18"),
    note: "1 of a client, none allowed",
    offset: 6,
    breaks: [...OPEN, c(aliased(1))],
    keeps: [],
  },
  {
    rule: "topic-alias-unknown",
    clauses: only5("MQTT-3.3.2-7"),
    note: "never set",
    offset: 5,
    breaks: [...opened([], [["topicAliasMaximum", 3]]), c(aliased(2)), c(aliased(1, ""))],
    keeps: [
      [...opened([], [["topicAliasMaximum", 3]]), c(aliased(1)), c(aliased(1, ""))],
      [...opened([], [["topicAliasMaximum", 3]]), { uncertain: "client" }, c(aliased(1, ""))],
    ],
  },
  {
    rule: "topic-alias-unknown",
    clauses: only5("MQTT-3.3.2-7"),
    note: "set by the other end, and on an earlier connection",
    offset: 5,
    breaks: [
      ...[
        ...opened([["topicAliasMaximum", 3]], [["topicAliasMaximum", 3]]),
        c(subscribe(1, ["t"])),
        s(aliased(1)),
      ],
      ...[
        "reconnect" as const,
        ...opened([["topicAliasMaximum", 3]], [["topicAliasMaximum", 3]]),
        c(aliased(1)),
      ],
      s(aliased(1, "")),
    ],
    keeps: [],
  },
  {
    rule: "maximum-packet-size-exceeded",
    clauses: only5("MQTT-3.1.2-24"),
    note: "31 bytes of a server, 30 allowed",
    offset: 1,
    breaks: [
      ...opened([["maximumPacketSize", 30]]),
      c(subscribe(1, ["t"])),
      s(q0({ payload: "x".repeat(25) })),
    ],
    keeps: [[
      ...opened([["maximumPacketSize", 30]]),
      c(subscribe(1, ["t"])),
      s(q0({ payload: "x".repeat(24) })),
    ]],
  },
  {
    rule: "maximum-packet-size-exceeded",
    clauses: only5("MQTT-3.2.2-15"),
    note: "31 bytes of a client, 30 allowed",
    offset: 1,
    breaks: [...opened([], [["maximumPacketSize", 30]]), c(q0({ payload: "x".repeat(25) }))],
    keeps: [[...opened([], [["maximumPacketSize", 30]]), c(q0({ payload: "x".repeat(24) }))]],
  },
  {
    rule: "maximum-qos-exceeded",
    clauses: only5("MQTT-3.2.2-11"),
    note: "2, with 1 allowed",
    breaks: [...opened([], [["maximumQoS", 1]]), c(q2(1))],
    keeps: [[...opened([], [["maximumQoS", 1]]), c(q1(1)), c(subscribe(2, ["t"], 2))], [...OPEN, c(q2(1))]],
  },
  {
    rule: "retain-unavailable",
    clauses: only5("MQTT-3.2.2-14"),
    note: "RETAIN 1",
    breaks: [...opened([], [["retainAvailable", 0]]), c(q0(RETAINED))],
    keeps: [[...opened([], [["retainAvailable", 1]]), c(q0(RETAINED))], [...OPEN, c(q0(RETAINED))]],
  },
  {
    rule: "wildcard-unavailable",
    clauses: only5(),
    note: "a filter with +",
    breaks: [...opened([], [["wildcardSubscriptionAvailable", 0]]), c(subscribe(1, ["t", "a/+"]))],
    keeps: [[...opened([], [["wildcardSubscriptionAvailable", 0]]), c(subscribe(1, ["t"]))]],
  },
  {
    rule: "subscription-identifier-unavailable",
    clauses: only5(),
    note: "one in SUBSCRIBE",
    offset: 5,
    breaks: [...opened([], [["subscriptionIdentifierAvailable", 0]]), c(identified(1))],
    keeps: [[...OPEN, c(identified(1))]],
  },
  {
    rule: "shared-subscription-unavailable",
    clauses: only5(),
    note: "one in SUBSCRIBE",
    breaks: [...opened([], [["sharedSubscriptionAvailable", 0]]), c(subscribe(1, ["$share/g/t"]))],
    keeps: [[...OPEN, c(subscribe(1, ["$share/g/t"])), c(PINGREQ), s(PINGRESP)]],
  },
  {
    rule: "receive-maximum-exceeded",
    clauses: only5("MQTT-3.3.4-9"),
    note: "three of a server, two allowed",
    breaks: [
      c({ type: "CONNECT", clientId: "c", properties: properties(["receiveMaximum", 2]) }),
      ...[
        s(CONNACK),
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q1(1)),
        s(q2(2)),
        c(ack("PUBREC", 2)),
        s(q1(3)),
      ],
    ],
    keeps: [
      [
        c({ type: "CONNECT", clientId: "c", properties: properties(["receiveMaximum", 2]) }),
        ...[
          s(CONNACK),
          c(subscribe(1, ["t"])),
          s(suback(1, 2)),
          s(q1(1)),
          s(q2(2)),
          c(ack("PUBREC", 2, 0x80)),
        ],
        ...[s(q1(3)), c(ack("PUBACK", 1)), s(q2(4)), s({ type: "PUBLISH", topic: "t" })],
      ],
      [
        c({ type: "CONNECT", clientId: "c", properties: properties(["receiveMaximum", 2]) }),
        ...[s(CONNACK), c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), s(q2(2)), c(ack("PUBREC", 1))],
        ...[s(ack("PUBREL", 1)), c(ack("PUBCOMP", 1)), s(q2(3))],
      ],
    ],
  },
  {
    rule: "receive-maximum-exceeded",
    clauses: only5("MQTT-3.3.4-7"),
    note: "two of a client, one allowed",
    options: AT_SERVER,
    breaks: [
      ...[
        c({ type: "CONNECT", clientId: "c" }),
        s({ type: "CONNACK", properties: properties(["receiveMaximum", 1]) }),
      ],
      ...[c(q1(1)), c(q1(2), 1001)],
    ],
    keeps: [[
      ...[
        c({ type: "CONNECT", clientId: "c" }),
        s({ type: "CONNACK", properties: properties(["receiveMaximum", 1]) }),
      ],
      // The client need not have read the CONNACK yet.
      ...[c(q1(1)), c(q1(2))],
    ]],
  },
];
