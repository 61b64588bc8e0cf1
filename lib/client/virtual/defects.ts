import { bytes, type ClientDefect, delivers, type Row, sends, takesText, tells } from "./defect.ts";
import { ROWS_OF_FIVE } from "./defects_of_five.ts";
import { type Outgoing, sentAgain } from "./hooks.ts";

export type { ClientDefect } from "./defect.ts";

const ROWS: readonly Row[] = [
  [
    "qos1-done-when-sent",
    "A message at QoS 1 counts as delivered when it is sent",
    ["MQTT-4.3.2-1"],
    delivers(1, "sent"),
  ],
  [
    "qos2-done-at-pubrec",
    "A message at QoS 2 counts as delivered at PUBREC",
    ["MQTT-4.3.3-1"],
    delivers(2, "PUBREC"),
  ],
  ["qos2-done-at-puback", "A message at QoS 2 counts as delivered at PUBACK", ["MQTT-4.3.3-1"], (hooks) => ({
    ...delivers(2, "PUBACK")(hooks),
    endsFor: (what) => what !== "forbidden" && hooks.endsFor(what),
  })],
  ["puback-missing", "A message at QoS 1 is not acknowledged", ["MQTT-4.3.2-2"], sends({ PUBACK: () => [] })],
  ["pubrec-missing", "A message at QoS 2 is not acknowledged", ["MQTT-4.3.3-2"], sends({ PUBREC: () => [] })],
  ["pubcomp-missing", "PUBREL is not answered", ["MQTT-4.3.3-2"], sends({ PUBCOMP: () => [] })],
  ["pubrel-missing", "PUBREC is not answered", ["MQTT-4.3.3-1"], sends({ PUBREL: () => [] })],
  ["puback-twice", "PUBACK is sent twice", ["MQTT-4.3.2-2"], sends({ PUBACK: (draft) => [draft, draft] })],
  [
    "pubcomp-wrong-id",
    "PUBCOMP has the identifier 1",
    ["MQTT-2.3.1-6"],
    sends({ PUBCOMP: (draft) => [{ ...draft, packetId: 1 }] }),
  ],
  [
    "dup-at-first",
    "DUP is set when a message is first sent",
    ["MQTT-4.3.2-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, dup: draft.qos !== 0 }] }),
  ],
  [
    "dup-missing",
    "DUP is not set when a message is sent again",
    ["MQTT-3.3.1-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, dup: false }] }),
  ],
  [
    "resend-missing",
    "Nothing is sent again in a session that goes on",
    ["MQTT-4.4.0-1"],
    () => ({ again: () => [] }),
  ],
  [
    "resend-reversed",
    "What is sent again is sent in reverse",
    ["MQTT-4.6.0-1"],
    ({ again }) => ({ again: (all) => again([...all].reverse()) }),
  ],
  ["released-sent-again", "After PUBREL the PUBLISH is sent again and not PUBREL", ["MQTT-4.3.3-1"], () => ({
    again: (all: readonly Outgoing[]) => all.map((one) => sentAgain({ ...one, released: false })),
  })],
  [
    "session-kept",
    "A clean session goes on with what was under way",
    ["MQTT-3.1.2-6"],
    () => ({ forgets: false }),
  ],
  [
    "qos2-delivered-twice",
    "A message at QoS 2 that comes again is delivered again",
    ["MQTT-4.3.3-2"],
    () => ({ deliversAgain: true }),
  ],
  [
    "wildcard-published",
    "A message is published at a topic with wildcards",
    ["MQTT-3.3.2-2"],
    takesText((text) => /[+#]/.test(text)),
  ],
  ["nul-sent", "U+0000 is sent", ["MQTT-1.5.3-2"], takesText((text) => text.includes("\0"))],
  ["empty-text-sent", "An empty topic or filter is sent", ["MQTT-4.7.3-1"], takesText((text) => text === "")],
  ["qos3-sent", "QoS 3 is sent", ["MQTT-3.1.2-14"], () => ({ refusesQoS: () => false })],
  [
    "malformed-tolerated",
    "A malformed packet is ignored",
    ["MQTT-4.8.0-1"],
    ({ endsFor }) => ({ endsFor: (what) => what !== "malformed" && endsFor(what) }),
  ],
  [
    "forbidden-tolerated",
    "A packet that a broker must not send is ignored",
    ["MQTT-4.8.0-1"],
    ({ endsFor }) => ({ endsFor: (what) => what !== "forbidden" && endsFor(what) }),
  ],
  [
    "second-connack-tolerated",
    "A second CONNACK is ignored",
    ["MQTT-4.8.0-1"],
    ({ endsFor }) => ({ endsFor: (what) => what !== "second-connack" && endsFor(what) }),
  ],
  ["ping-missing", "PINGREQ is never sent", ["MQTT-3.1.2-23"], () => ({ pingAfter: () => undefined })],
  [
    "ping-late",
    "PINGREQ is sent after twice the Keep Alive",
    ["MQTT-3.1.2-23"],
    () => ({ pingAfter: (seconds) => seconds === 0 ? undefined : seconds * 2_000 }),
  ],
  [
    "pong-not-missed",
    "A connection without PINGRESP stays open",
    ["MQTT-3.1.2-23"],
    () => ({ missesPong: false }),
  ],
  [
    "disconnect-missing",
    "The connection is closed without DISCONNECT",
    ["MQTT-3.14.4-1"],
    () => ({ disconnects: { says: false, closes: true } }),
  ],
  [
    "open-after-disconnect",
    "The connection stays open after DISCONNECT",
    ["MQTT-3.14.4-1"],
    () => ({ disconnects: { says: true, closes: false } }),
  ],
  [
    "retain-lost",
    "RETAIN is not sent",
    ["MQTT-2.2.2-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, retain: false }] }),
  ],
  [
    "will-lost",
    "The will is not sent",
    ["MQTT-3.1.2-9"],
    sends({ CONNECT: ({ will: _, ...draft }) => [draft] }),
  ],
  [
    "keep-alive-fixed",
    "CONNECT always has the Keep Alive 60",
    ["MQTT-3.1.2-23"],
    sends({ CONNECT: (draft) => [{ ...draft, keepAlive: 60 }] }),
  ],
  [
    "always-clean",
    "CONNECT always has Clean Session 1",
    ["MQTT-3.1.2-4"],
    sends({ CONNECT: (draft) => [{ ...draft, cleanStart: true }] }),
  ],
  [
    "payload-cut",
    "A payload is cut at 127 bytes",
    ["MQTT-4.3.1-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, payload: bytes(draft.payload).subarray(0, 127) }] }),
  ],
  [
    "filter-qos-lowered",
    "A subscription is asked for at QoS 0",
    ["MQTT-3.8.3-3"],
    sends({
      SUBSCRIBE: (
        draft,
      ) => [{ ...draft, subscriptions: draft.subscriptions?.map((one) => ({ ...one, qos: 0 })) }],
    }),
  ],
  [
    "identifier-in-use",
    "Each message has the packet identifier 1",
    ["MQTT-2.3.1-2"],
    () => ({ nextId: () => 1 }),
  ],
  [
    "refusal-as-success",
    "A CONNACK that refuses is reported as one that accepts",
    ["MQTT-3.1.0-1"],
    tells("notConnected", (event) => [{ on: "connected", client: event.client, sessionPresent: false }]),
  ],
  [
    "subscription-refused-as-granted",
    "A refused subscription is reported as granted",
    ["MQTT-3.8.3-3"],
    tells("subscribed", (event) => [{ ...event, reasons: [0] }]),
  ],
  [
    "delivery-told-twice",
    "A delivery is reported twice",
    ["MQTT-4.3.2-1"],
    tells("published", (event) => [event, event]),
  ],
  ["message-lost", "Messages that come are not reported", ["MQTT-4.5.0-2"], tells("message", () => [])],
  ["loss-untold", "A lost connection is not reported", ["MQTT-4.8.0-1"], tells("lost", () => [])],
  [
    "handshake-skipped",
    "A PUBCOMP that comes before PUBREC ends the handshake",
    ["MQTT-4.3.3-1"],
    () => ({ skipsPubrec: true }),
  ],
  ["ill-formed-sent", "A text that is not UTF-8 is sent", ["MQTT-1.5.3-1"], () => ({ refusesBytes: false })],
  [
    "unfit-connect-sent",
    "A password without a user name, and an empty client id without a clean session, are sent",
    ["MQTT-3.1.2-22", "MQTT-3.1.3-7"],
    () => ({ refusesConnect: () => undefined }),
  ],
  [
    "client-id-altered",
    "The client id is sent with a letter behind it",
    ["MQTT-3.1.3-3"],
    sends({ CONNECT: (draft) => [{ ...draft, clientId: `${draft.clientId}x` }] }),
  ],
  [
    "user-name-altered",
    "The user name is sent with a letter behind it",
    ["MQTT-3.1.2-19"],
    sends({ CONNECT: (draft) => [{ ...draft, userName: `${draft.userName ?? ""}x` }] }),
  ],
  [
    "password-altered",
    "The password is sent with a byte behind it",
    ["MQTT-3.1.2-21"],
    sends({
      CONNECT: (draft) => [
        draft.password === undefined
          ? draft
          : { ...draft, password: Uint8Array.of(...bytes(draft.password), 120) },
      ],
    }),
  ],
  [
    "never-clean",
    "CONNECT always has Clean Session 0",
    ["MQTT-3.1.2-4"],
    sends({ CONNECT: (draft) => [{ ...draft, cleanStart: false }] }),
  ],
  [
    "will-unasked",
    "A will is sent that nobody has set",
    ["MQTT-3.1.2-11"],
    sends({
      CONNECT: (
        draft,
      ) => [{ ...draft, will: draft.will ?? { topic: "w", payload: "w", qos: 0, retain: false } }],
    }),
  ],
  [
    "retain-unasked",
    "RETAIN is always sent",
    ["MQTT-2.2.2-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, retain: true }] }),
  ],
  [
    "filter-altered",
    "SUBSCRIBE names another filter",
    ["MQTT-3.8.3-1"],
    sends({
      SUBSCRIBE: (
        draft,
      ) => [{ ...draft, subscriptions: draft.subscriptions?.map((one) => ({ ...one, filter: "x/y" })) }],
    }),
  ],
  [
    "given-up-altered",
    "UNSUBSCRIBE names another filter",
    ["MQTT-3.10.3-1"],
    sends({ UNSUBSCRIBE: (draft) => [{ ...draft, filters: ["x/y"] }] }),
  ],
  [
    "suback-told-twice",
    "A granted subscription is reported twice",
    [],
    tells("subscribed", (event) => [event, event]),
  ],
  [
    "connection-untold",
    "An accepted connection is not reported",
    ["MQTT-3.1.0-1"],
    tells("connected", () => []),
  ],
];

/** All defects of the virtual client. */
export const CLIENT_DEFECTS: readonly ClientDefect[] = [...ROWS, ...ROWS_OF_FIVE].map((
  [id, description, clauses, change],
) => ({
  id,
  description,
  clauses,
  change,
}));
