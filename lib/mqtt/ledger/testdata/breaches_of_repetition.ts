/** Breaches of the rules about resending. */
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
const AT_SERVER = { at: "server" } as const;
/** The client reconnects without a persistent session. */
const CLEAN: readonly Happening[] = ["reconnect", ...OPEN];
const LOST: readonly Happening[] = [
  "reconnect",
  c({ type: "CONNECT", clientId: "c", cleanStart: false }),
  s(CONNACK),
];

export const REPETITION_BREACHES: readonly Breach[] = [
  {
    rule: "dup-on-first-delivery",
    clauses: all(undefined, "MQTT-4.3.2-1", "MQTT-4.3.2-2"),
    note: "QoS 1 of a client",
    breaks: [...OPEN, c(q1(1, "a", DUP))],
    keeps: [
      [...KEPT, c(q1(1)), ...AGAIN, c(q1(1, "a", DUP))],
      // The start of the session was not observed.
      [
        c({ type: "CONNECT", clientId: "c", cleanStart: false }),
        s({ type: "CONNACK", sessionPresent: true }),
        c(q1(1, "a", DUP)),
      ],
    ],
  },
  {
    rule: "dup-on-first-delivery",
    clauses: all(undefined, "MQTT-3.3.1-3", "MQTT-3.3.1-3"),
    note: "QoS 2 of a server",
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1, "a", DUP))],
    keeps: [
      // The first delivery was lost with the connection.
      [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), ...AGAIN, s(q2(1, "a", DUP))],
      // A second message with the packet id of the first was lost too.
      [
        ...KEPT,
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q1(1)),
        c(ack("PUBACK", 1)),
        ...AGAIN,
        s(q1(1, "b", DUP)),
      ],
    ],
  },
  {
    rule: "dup-on-first-delivery",
    clauses: each("MQTT-3.3.1-3", "MQTT-3.3.1-3"),
    note: "another message with a packet id that was free",
    breaks: [
      ...[...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), ...AGAIN, s(q1(1)), c(ack("PUBACK", 1))],
      s(q1(1, "b", DUP)),
    ],
    keeps: [[
      ...[...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), ...AGAIN, s(q1(1)), c(ack("PUBACK", 1))],
      s(q1(1, "b")),
    ]],
  },
  {
    rule: "resent-without-dup",
    clauses: both("MQTT-3.3.1-1"),
    note: "on the next connection",
    breaks: [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), ...AGAIN, s(q1(1))],
    keeps: [
      [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), ...AGAIN, s(q1(1, "a", DUP))],
      // The server has received the PUBACK, and this is a new message.
      [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), c(ack("PUBACK", 1)), ...AGAIN, s(q1(1))],
      // The server has not received it.
      [
        ...KEPT,
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q1(1)),
        c(ack("PUBACK", 1)),
        ...AGAIN,
        s(q1(1, "a", DUP)),
      ],
    ],
  },
  {
    rule: "resent-with-other-content",
    clauses: each("MQTT-2.3.1-4", "MQTT-2.2.1-4"),
    note: "another payload",
    offset: 5,
    breaks: [...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q1(1)), ...AGAIN, s(q1(1, "b", DUP))],
    keeps: [
      // A 5.0 session may now have an alias in place of the topic; here it is the same message anyway.
      [
        ...KEPT,
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q1(1)),
        ...AGAIN,
        s(q1(1, "a", { ...DUP, retain: false })),
      ],
    ],
  },
  {
    rule: "resent-with-other-content",
    clauses: all(undefined, "MQTT-2.3.1-3", "MQTT-2.2.1-3"),
    note: "another payload on the same connection",
    offset: 5,
    breaks: [...OPEN, c(q1(1)), c(q1(1, "b", DUP))],
    keeps: [],
  },
  {
    rule: "resent-with-other-content",
    clauses: each("MQTT-2.3.1-3", "MQTT-2.2.1-3"),
    note: "another QoS",
    offset: 5,
    breaks: [...KEPT, c(q1(1)), ...AGAIN, c(q2(1, "a", DUP))],
    keeps: [],
  },
  {
    rule: "resent-in-connection",
    clauses: only5("MQTT-4.4.0-1"),
    note: "PUBLISH",
    offset: 5,
    breaks: [...OPEN, c(subscribe(1, ["t"])), s(q1(1)), s(q1(1, "a", DUP))],
    keeps: [[...KEPT, c(subscribe(1, ["t"])), s(q1(1)), ...AGAIN, s(q1(1, "a", DUP))]],
  },
  {
    rule: "resent-in-connection",
    clauses: only5("MQTT-4.4.0-1"),
    note: "PUBREL",
    offset: 2,
    breaks: [...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), c(ack("PUBREL", 1))],
    keeps: [
      [...KEPT, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), ...AGAIN, c(ack("PUBREL", 1))],
      [...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1))],
    ],
  },
  {
    rule: "publish-after-pubrel",
    clauses: each("MQTT-4.3.3-1", "MQTT-4.3.3-6"),
    note: "on the next connection",
    offset: 5,
    breaks: [
      ...[
        ...KEPT,
        c(subscribe(1, ["t"])),
        s(suback(1, 2)),
        s(q2(1)),
        c(ack("PUBREC", 1)),
        s(ack("PUBREL", 1)),
      ],
      ...[...AGAIN, s(q2(1, "a", DUP))],
    ],
    keeps: [
      [
        ...[
          ...KEPT,
          c(subscribe(1, ["t"])),
          s(suback(1, 2)),
          s(q2(1)),
          c(ack("PUBREC", 1)),
          s(ack("PUBREL", 1)),
        ],
        ...[...AGAIN, s(ack("PUBREL", 1))],
      ],
      // The PUBREC was lost.
      [
        ...[...KEPT, c(subscribe(1, ["t"])), s(suback(1, 2)), s(q2(1)), c(ack("PUBREC", 1))],
        ...[...AGAIN, s(q2(1, "a", DUP))],
      ],
    ],
  },
  {
    rule: "publish-after-pubrel",
    clauses: { "3.1.1": "MQTT-4.3.3-1" },
    note: "on the same connection",
    offset: 5,
    breaks: [...OPEN, c(q2(1)), s(ack("PUBREC", 1)), c(ack("PUBREL", 1)), c(q2(1, "a", DUP))],
    keeps: [[
      ...OPEN,
      c(q2(1)),
      c(q2(1, "a", DUP)),
      s(ack("PUBREC", 1)),
      s(ack("PUBREC", 1)),
      c(ack("PUBREL", 1)),
    ]],
  },
  {
    rule: "resent-after-acknowledgement",
    clauses: only5("MQTT-4.4.0-2"),
    note: "PUBACK has come",
    offset: 5,
    breaks: [...KEPT, c(q1(1)), s(ack("PUBACK", 1)), ...AGAIN, c(q1(1, "a", DUP))],
    keeps: [[...KEPT, c(q1(1)), ...AGAIN, c(q1(1, "a", DUP))]],
  },
  {
    rule: "resent-after-acknowledgement",
    clauses: only5("MQTT-4.4.0-1"),
    note: "PUBREC has come",
    offset: 5,
    breaks: [...KEPT, c(q2(1)), s(ack("PUBREC", 1)), ...AGAIN, c(q2(1, "a", DUP))],
    keeps: [[...KEPT, c(q2(1)), s(ack("PUBREC", 1)), ...AGAIN, c(ack("PUBREL", 1))]],
  },
  {
    rule: "resent-in-other-order",
    clauses: both("MQTT-4.6.0-1"),
    note: "the second first, of a client",
    breaks: [...KEPT, c(q1(1)), c(q2(2)), ...AGAIN, c(q2(2, "a", DUP)), c(q1(1, "a", DUP))],
    keeps: [[...KEPT, c(q1(1)), c(q2(2)), ...AGAIN, c(q1(1, "a", DUP)), c(q2(2, "a", DUP))]],
  },
  {
    rule: "resent-in-other-order",
    clauses: { "3.1.1": "MQTT-4.6.0-1" },
    note: "the second first, of a server at one topic",
    breaks: [
      ...[...KEPT, c(subscribe(1, ["#"])), s(suback(1, 2)), s(q1(1)), s(q1(2)), ...AGAIN],
      ...[s(q1(2, "a", DUP)), s(q1(1, "a", DUP))],
    ],
    keeps: [[
      ...[
        ...KEPT,
        c(subscribe(1, ["#"])),
        s(suback(1, 2)),
        s(q1(1)),
        s(q1(2, "a", { topic: "u" })),
        ...AGAIN,
      ],
      ...[s(q1(2, "a", { ...DUP, topic: "u" })), s(q1(1, "a", DUP))],
    ]],
  },
  {
    rule: "session-not-discarded",
    clauses: each("MQTT-3.1.2-6", "MQTT-3.1.2-4"),
    note: "after Clean Start 1",
    options: AT_SERVER,
    breaks: [...KEPT, c(q1(1)), ...CLEAN, c(q1(1, "a", DUP))],
    keeps: [[...KEPT, c(q1(1)), ...AGAIN, c(q1(1, "a", DUP))], [...KEPT, c(q1(1)), ...CLEAN, c(q1(1))]],
  },
  {
    rule: "session-not-discarded",
    clauses: only5("MQTT-3.2.2-5"),
    note: "after Session Present 0",
    options: AT_SERVER,
    breaks: [...KEPT, c(q1(1)), ...LOST, "caught up", c(q1(1, "a", DUP))],
    keeps: [
      // It may have been sent before the CONNACK was read.
      [...KEPT, c(q1(1)), ...LOST, c(q1(1, "a", DUP))],
    ],
  },
];
