/** Breaches of the rules about packet identifiers, acknowledgements and their order. */
import {
  ack,
  AGAIN,
  both,
  type Breach,
  c,
  CONNACK,
  DUP,
  each,
  type Happening,
  KEPT,
  only5,
  OPEN,
  q1,
  q2,
  s,
  suback,
  subscribe,
} from "./breach.ts";

/** The clauses of a rule of all versions, one per version. */
const all = (v31: string | undefined, v3: string, v5: string) => ({ "3.1": v31, "3.1.1": v3, "5.0": v5 });
/** The client reconnects without a persistent session. */
const CLEAN: readonly Happening[] = ["reconnect", ...OPEN];
const LOST: readonly Happening[] = [
  "reconnect",
  c({ type: "CONNECT", clientId: "c", cleanStart: false }),
  s(CONNACK),
];
const unsubscribe = (packetId: number) => ({ type: "UNSUBSCRIBE" as const, packetId, filters: ["t"] });

export const EXCHANGE_BREACHES: readonly Breach[] = [
  {
    rule: "packet-id-in-use",
    clauses: all(undefined, "MQTT-2.3.1-2", "MQTT-2.2.1-3"),
    note: "two PUBLISHes of a client",
    offset: 5,
    breaks: [...OPEN, c(q1(1)), c(q1(1, "b"))],
    keeps: [
      [...OPEN, c(q1(1)), c(q1(2, "b")), c(subscribe(3, ["t"])), s(q1(1))],
      [...OPEN, c(q1(1)), s(ack("PUBACK", 1)), c(q1(1, "b"))],
      [...OPEN, c(q1(1)), { uncertain: "server" }, c(q1(1, "b"))],
      [...OPEN, c(q1(1)), ...CLEAN, c(q1(1, "b"))],
    ],
  },
  {
    rule: "packet-id-in-use",
    clauses: all(undefined, "MQTT-2.3.1-4", "MQTT-2.2.1-4"),
    note: "two PUBLISHes of a server, the first received and not released",
    offset: 5,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), c(ack("PUBREC", 1)), s(q2(1, "b"))],
    keeps: [
      [
        ...[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), c(ack("PUBREC", 1))],
        ...[s(ack("PUBREL", 1)), c(ack("PUBCOMP", 1)), s(q2(1, "b"))],
      ],
    ],
  },
  {
    rule: "packet-id-in-use",
    clauses: only5("MQTT-2.2.1-4"),
    note: "a PUBREC that does not refuse",
    offset: 5,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(q2(1)), c(ack("PUBREC", 1, 0x10)), s(q2(1, "b"))],
    keeps: [[...OPEN, c(subscribe(1, ["t"])), s(q2(1)), c(ack("PUBREC", 1, 0x80)), s(q2(1, "b"))]],
  },
  {
    rule: "packet-id-in-use",
    clauses: each("MQTT-2.3.1-2", "MQTT-2.2.1-3"),
    note: "two SUBSCRIBEs",
    offset: 2,
    breaks: [...OPEN, c(subscribe(7, ["t"])), c(subscribe(7, ["t"]))],
    keeps: [
      [...OPEN, c(subscribe(7, ["t"])), s(suback(7, 2)), c(subscribe(7, ["t"]))],
      [...OPEN, c(subscribe(7, ["t"])), ...CLEAN, c(subscribe(7, ["t"]))],
    ],
  },
  {
    rule: "packet-id-in-use",
    clauses: all(undefined, "MQTT-2.3.1-2", "MQTT-2.2.1-3"),
    note: "UNSUBSCRIBE beside a PUBLISH",
    offset: 2,
    breaks: [...OPEN, c(q2(7)), s(ack("PUBREC", 7)), c(ack("PUBREL", 7)), c(unsubscribe(7))],
    keeps: [
      [...OPEN, c(q2(7)), s(ack("PUBREC", 7)), c(ack("PUBREL", 7)), s(ack("PUBCOMP", 7)), c(unsubscribe(7))],
    ],
  },
  {
    rule: "packet-id-in-use",
    clauses: all(undefined, "MQTT-2.3.1-2", "MQTT-2.2.1-3"),
    note: "PUBLISH beside an UNSUBSCRIBE",
    offset: 5,
    breaks: [...OPEN, c(unsubscribe(7)), c(q1(7))],
    keeps: [[...OPEN, c(unsubscribe(7)), c(q1(8))]],
  },
  {
    rule: "packet-id-in-use",
    clauses: each("MQTT-2.3.1-4", "MQTT-2.2.1-4"),
    note: "another message of a session that goes on",
    offset: 5,
    breaks: [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), ...AGAIN, s(q1(1, "b"))],
    keeps: [
      [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), ...AGAIN, s(q1(1, "a", DUP))],
      [
        ...KEPT,
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q1(1)),
        ...LOST,
        c(subscribe(1, ["t"])),
        s(q1(1, "b")),
      ],
    ],
  },
  {
    rule: "wrong-acknowledgement",
    clauses: all("MQTT31-3.3-2", "MQTT-3.3.4-1", "MQTT-3.3.4-1"),
    note: "PUBACK for QoS 2",
    offset: 2,
    breaks: [...OPEN, c(q2(1)), s(ack("PUBACK", 1))],
    keeps: [[...OPEN, c(q2(1)), s(ack("PUBREC", 1))]],
  },
  {
    rule: "wrong-acknowledgement",
    clauses: all("MQTT31-3.3-2", "MQTT-3.3.4-1", "MQTT-3.3.4-1"),
    note: "PUBREC for QoS 1",
    offset: 2,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), c(ack("PUBREC", 1))],
    keeps: [[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), c(ack("PUBACK", 1))]],
  },
  {
    rule: "puback-unasked",
    clauses: all("MQTT31-3.4-1", "MQTT-2.3.1-6", "MQTT-2.2.1-5"),
    note: "twice for one message",
    offset: 2,
    breaks: [...OPEN, c(q1(1)), s(ack("PUBACK", 1)), s(ack("PUBACK", 1))],
    keeps: [
      [...OPEN, c(q1(1)), s(ack("PUBACK", 1)), { uncertain: "client" }, s(ack("PUBACK", 1))],
      [...KEPT, c(q1(1)), ...AGAIN, c(q1(1, "a", DUP)), s(ack("PUBACK", 1)), s(ack("PUBACK", 1))],
    ],
  },
  {
    rule: "puback-unasked",
    clauses: all("MQTT31-3.4-1", "MQTT-2.3.1-6", "MQTT-2.2.1-5"),
    note: "for nothing",
    offset: 2,
    breaks: [...OPEN, s(ack("PUBACK", 9))],
    keeps: [
      [
        c({ type: "CONNECT", clientId: "c", cleanStart: false }),
        s({ type: "CONNACK", sessionPresent: true }),
        s(ack("PUBACK", 9)),
      ],
    ],
  },
  {
    rule: "pubrec-unasked",
    clauses: all("MQTT31-3.5-1", "MQTT-2.3.1-6", "MQTT-2.2.1-5"),
    note: "after PUBCOMP",
    offset: 2,
    breaks: [
      ...[...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), s(ack("PUBCOMP", 1))],
      s(ack("PUBREC", 1)),
    ],
    keeps: [[...OPEN, c(q2(1)), s(ack("PUBREC", 1)), s(ack("PUBREC", 1))]],
  },
  {
    rule: "pubrel-unasked",
    clauses: all("MQTT31-3.6-1", "MQTT-4.3.3-1", "MQTT-4.3.3-4"),
    note: "before PUBREC",
    offset: 2,
    breaks: [...OPEN, c(q2(1)), c(ack("PUBREL", 1))],
    keeps: [
      [...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1))],
      [...KEPT, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), ...AGAIN, c(ack("PUBREL", 1))],
    ],
  },
  {
    rule: "pubrel-unasked",
    clauses: all("MQTT31-3.6-1", "MQTT-2.3.1-6", "MQTT-2.2.1-5"),
    note: "for nothing",
    offset: 2,
    breaks: [...OPEN, s(ack("PUBREL", 5))],
    keeps: [],
  },
  {
    rule: "pubrel-after-refusal",
    clauses: only5("MQTT-4.3.3-4"),
    note: "PUBREC 0x87",
    offset: 2,
    breaks: [...OPEN, c(q2(1)), s(ack("PUBREC", 1, 0x87)), c(ack("PUBREL", 1))],
    keeps: [[...OPEN, c(q2(1)), s(ack("PUBREC", 1, 0x87)), c(q2(1, "b"))]],
  },
  {
    rule: "pubcomp-unasked",
    clauses: all("MQTT31-3.7-1", "MQTT-4.3.3-2", "MQTT-2.2.1-5"),
    note: "in the place of PUBREC",
    offset: 2,
    breaks: [...OPEN, c(q2(1)), s(ack("PUBCOMP", 1))],
    keeps: [[...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), s(ack("PUBCOMP", 1))]],
  },
  {
    rule: "suback-unasked",
    clauses: all("MQTT31-3.8-2", "MQTT-2.3.1-7", "MQTT-2.2.1-6"),
    note: "for an UNSUBSCRIBE",
    offset: 2,
    breaks: [...OPEN, c(unsubscribe(1)), s(suback(1, 0))],
    keeps: [[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 0))]],
  },
  {
    rule: "suback-unasked",
    clauses: all("MQTT31-3.8-2", "MQTT-2.3.1-7", "MQTT-2.2.1-6"),
    note: "twice",
    offset: 2,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(suback(1, 0)), s(suback(1, 0))],
    keeps: [],
  },
  {
    rule: "unsuback-unasked",
    clauses: all("MQTT31-3.11-1", "MQTT-2.3.1-7", "MQTT-2.2.1-6"),
    note: "for nothing",
    offset: 2,
    breaks: [...OPEN, s({ type: "UNSUBACK", packetId: 1, reasons: [0] })],
    keeps: [[...OPEN, c(unsubscribe(1)), s({ type: "UNSUBACK", packetId: 1, reasons: [0] })]],
  },
  {
    rule: "puback-in-other-order",
    clauses: both("MQTT-4.6.0-2"),
    note: "the second first",
    offset: 2,
    breaks: [
      ...[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), s(q1(2))],
      ...[c(ack("PUBACK", 2)), c(ack("PUBACK", 1))],
    ],
    keeps: [
      [
        ...[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), s(q2(3)), s(q1(2))],
        ...[c(ack("PUBREC", 3)), c(ack("PUBACK", 1)), c(ack("PUBACK", 2))],
      ],
      // The standard does not require this of a server.
      [...OPEN, c(q1(1)), c(q1(2)), s(ack("PUBACK", 2)), s(ack("PUBACK", 1))],
    ],
  },
  {
    rule: "pubrec-in-other-order",
    clauses: both("MQTT-4.6.0-3"),
    note: "the second first",
    offset: 2,
    breaks: [
      ...[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), s(q2(2))],
      ...[c(ack("PUBREC", 2)), c(ack("PUBREC", 1))],
    ],
    keeps: [[
      ...[...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), s(q2(2))],
      ...[c(ack("PUBREC", 1)), c(ack("PUBREC", 2))],
    ]],
  },
  {
    rule: "pubrel-in-other-order",
    clauses: both("MQTT-4.6.0-4"),
    note: "the second first, of a client",
    offset: 2,
    breaks: [
      ...[...OPEN, c(q2(1)), c(q2(2)), s(ack("PUBREC", 1)), s(ack("PUBREC", 2))],
      ...[c(ack("PUBREL", 2)), c(ack("PUBREL", 1))],
    ],
    keeps: [[
      ...[...OPEN, c(q2(1)), c(q2(2)), s(ack("PUBREC", 2)), s(ack("PUBREC", 1))],
      ...[c(ack("PUBREL", 2)), c(ack("PUBREL", 1))],
    ]],
  },
  {
    rule: "pubrel-in-other-order",
    clauses: { "3.1.1": "MQTT-4.6.0-4" },
    note: "the second first, of a server at one topic",
    offset: 2,
    breaks: [
      ...[...OPEN, c(subscribe(1, ["t", "u"])), s(suback(1, 2, 2)), s(q2(1)), s(q2(2))],
      ...[c(ack("PUBREC", 1)), c(ack("PUBREC", 2)), s(ack("PUBREL", 2)), s(ack("PUBREL", 1))],
    ],
    keeps: [[
      ...[...OPEN, c(subscribe(1, ["t", "u"])), s(suback(1, 2, 2)), s(q2(1)), s(q2(2, "a", { topic: "u" }))],
      ...[c(ack("PUBREC", 1)), c(ack("PUBREC", 2)), s(ack("PUBREL", 2)), s(ack("PUBREL", 1))],
    ]],
  },
];
