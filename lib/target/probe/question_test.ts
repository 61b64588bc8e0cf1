import assert from "node:assert/strict";
import type { BrokerOptions } from "../../broker/broker.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Question } from "./asking.ts";
import { CLIENT_ID_LENGTH, EMPTY_CLIENT_ID } from "./question/client_ids.ts";
import { CREDENTIALS } from "./question/credentials.ts";
import { PACKET_SIZE, TOPIC_LENGTH } from "./question/delivered.ts";
import { DOLLAR_TOPICS } from "./question/dollar_topics.ts";
import { SUBSCRIPTIONS } from "./question/filters.ts";
import { SHARED_SUBSCRIPTIONS, SUBSCRIPTION_IDENTIFIERS } from "./question/five.ts";
import { IN_FLIGHT } from "./question/in_flight.ts";
import { QOS } from "./question/qos.ts";
import { RECEIVE_MAXIMUM } from "./question/receive_maximum.ts";
import { RETAINED, RETAINED_MESSAGES } from "./question/retained.ts";
import { QUEUED, SESSIONS } from "./question/sessions.ts";
import { TOPIC_LEVELS } from "./question/topic_levels.ts";
import { WILDCARDS } from "./question/wildcards.ts";
import { WILLS } from "./question/wills.ts";
import { TransportError } from "../../transport/error.ts";
import { answer } from "./test_asking.ts";

/** A broker with a known behaviour, and what a question finds. */
interface Trial {
  readonly question: Question;
  readonly broker: BrokerOptions;
  readonly version?: ProtocolVersion;
  readonly finds: readonly RegExp[];
}

const quirk = (id: string): BrokerOptions => ({ quirks: [id] });
const defect = (id: string): BrokerOptions => ({ defects: [id] });

/** Behaviours that lower a claim: an announcement, a refusal, or a limit. */
const LOWERED: Readonly<Record<string, Trial>> = {
  "QoS 2 that every SUBACK lowers": {
    question: QOS,
    broker: quirk("grants-at-most-1"),
    finds: [/^\+ qos1/, /^- qos2: every subscription at QoS 2 is granted QoS 1$/],
  },
  "QoS that CONNACK forbids": {
    question: QOS,
    broker: quirk("maximum-qos-0"),
    version: "5.0",
    finds: [/^- qos1: CONNACK announces Maximum QoS 0$/, /^- qos2/],
  },
  "retained messages that CONNACK forbids": {
    question: RETAINED,
    broker: quirk("retain-unavailable"),
    version: "5.0",
    finds: [/^- retained: CONNACK announces Retain Available 0$/],
  },
  // Two of the 16 are the broker's own, below $SYS.
  "how many retained messages are kept": {
    question: RETAINED_MESSAGES,
    broker: { alter: { mostRetained: () => 16 } },
    finds: [/^retainedMessages 14: 14 of 1000 are stored$/],
  },
  "wildcards that CONNACK forbids": {
    question: WILDCARDS,
    broker: quirk("wildcards-unavailable"),
    version: "5.0",
    finds: [/^- wildcards: CONNACK announces Wildcard Subscription Available 0$/],
  },
  "wildcards that SUBACK refuses": {
    question: WILDCARDS,
    broker: { alter: { refusesFilter: (filter) => /[+#]/.test(filter) ? 0xa2 : undefined } },
    finds: [/^- wildcards: the broker answers SUBACK 0x80 \(Failure\) to a filter with a wildcard$/],
  },
  "shared subscriptions that CONNACK forbids": {
    question: SHARED_SUBSCRIPTIONS,
    broker: quirk("shared-unavailable"),
    version: "5.0",
    finds: [/^- shared-subscriptions: CONNACK announces Shared Subscription Available 0$/],
  },
  "subscription identifiers that CONNACK forbids": {
    question: SUBSCRIPTION_IDENTIFIERS,
    broker: quirk("subscription-ids-unavailable"),
    version: "5.0",
    finds: [/^- subscription-identifiers/],
  },
  "sessions that CONNACK ends at once": {
    question: SESSIONS,
    broker: quirk("session-expiry-0"),
    version: "5.0",
    finds: [/^- sessions: CONNACK announces a Session Expiry Interval of 0$/],
  },
  "how many messages wait, the first of them": {
    question: QUEUED,
    broker: quirk("queued-messages-10"),
    finds: [/^queued 10: 10 of 1000 messages came$/],
  },
  "how many messages wait, the last of them": {
    question: QUEUED,
    broker: quirk("queued-messages-10-newest"),
    version: "5.0",
    finds: [/^queued 10: 10 of 1000 messages came$/],
  },
  "wills that a CONNECT is refused for": {
    question: WILLS,
    broker: {
      alter: { connect: (right, { will }) => will ? { kind: "refuse", reason: 5 } : right },
    },
    finds: [/^- wills: the broker answers CONNACK 5 .* to a CONNECT with a will$/],
  },
  "topics at $ that reach no client": {
    question: DOLLAR_TOPICS,
    broker: quirk("dollar-topics-dropped"),
    finds: [/^- dollar-topics: .* reaches no other client, which is allowed$/],
  },
  "an empty client id that is refused": {
    question: EMPTY_CLIENT_ID,
    broker: quirk("empty-id-not-allowed"),
    finds: [/^- empty-client-id/],
  },
  "the longest client id": {
    question: CLIENT_ID_LENGTH,
    broker: quirk("long-ids-refused"),
    finds: [/^clientIdLength 23: a client id of 24 bytes is refused$/],
  },
  "a window of one message": {
    question: IN_FLIGHT,
    broker: quirk("in-flight-1"),
    finds: [/^- several-in-flight/, /^inFlight 1: 1 of 310 came without an acknowledgement$/],
  },
  "a window of two messages": {
    question: IN_FLIGHT,
    broker: { quirks: ["in-flight-2", "qos0-dropped-when-full"] },
    version: "5.0",
    finds: [/^\+ several-in-flight/, /^inFlight 2: /],
  },
  "how many handshakes a client of 3.x may begin": {
    question: RECEIVE_MAXIMUM,
    broker: quirk("receive-window-5"),
    finds: [/^receiveMaximum 5: after 5 handshakes the broker closes the connection$/],
  },
  "the Receive Maximum of CONNACK": {
    question: RECEIVE_MAXIMUM,
    broker: quirk("receive-maximum-3"),
    version: "5.0",
    finds: [/^receiveMaximum 3: CONNACK announces Receive Maximum 3$/],
  },
  "the largest packet of 3.x": {
    question: PACKET_SIZE,
    broker: quirk("packet-size-1024"),
    finds: [
      /^- large-packets/,
      /^largestPacket 1024: with 1025 bytes in a packet the broker closes the connection$/,
    ],
  },
  "the Maximum Packet Size of CONNACK": {
    question: PACKET_SIZE,
    broker: quirk("maximum-packet-size-512"),
    version: "5.0",
    finds: [/^- large-packets/, /^largestPacket 512: CONNACK announces Maximum Packet Size 512$/],
  },
  "how long a topic may be, where more ends the connection": {
    question: TOPIC_LENGTH,
    broker: { alter: { refusesTopic: (topic) => topic.length > 4_096 ? "close" : undefined } },
    finds: [/^topicLength 4096: with 4097 bytes in a topic the broker closes the connection$/],
  },
  "how many levels a topic may have, where more is dropped": {
    question: TOPIC_LEVELS,
    broker: quirk("topic-levels-8"),
    finds: [/^topicLevels 8: with 9 topic levels the broker answers SUBACK 0x80 \(Failure\) to the filter/],
  },
  "how many levels a topic may have, where more is refused by a code": {
    question: TOPIC_LEVELS,
    broker: quirk("topic-levels-8"),
    version: "5.0",
    finds: [/^topicLevels 8: with 9 topic levels the broker answers PUBACK 0x90 \(Topic Name invalid\)$/],
  },
  "how many filters a packet may have": {
    question: SUBSCRIPTIONS,
    broker: quirk("filters-per-subscribe-4"),
    finds: [
      /^filtersInPacket 4: 4 of 510 filters are granted; the broker answers SUBACK 0x80 \(Failure\)$/,
      /^subscriptions at least 1010: all of 1010 filters are granted$/,
    ],
  },
  "how many subscriptions a client may have": {
    question: SUBSCRIPTIONS,
    broker: quirk("subscriptions-8"),
    version: "5.0",
    // The first packet distinguishes the two only if the limit is larger.
    finds: [/^filtersInPacket 8: /, /^subscriptions 8: 8 of 1010 filters are granted/],
  },
};

for (const [name, { question, broker, version, finds }] of Object.entries(LOWERED)) {
  Deno.test(`a question finds ${name}`, async () => {
    const found = await answer(question, broker, version);
    assert.equal(found.length, finds.length, found.join("\n"));
    finds.forEach((wanted, at) => assert.match(found[at] ?? "", wanted));
  });
}

/** Behaviours that lower no claim: faults, which the suites test, and delays. */
const KEPT: Readonly<Record<string, Trial>> = {
  "retained messages that are lost": {
    question: RETAINED,
    broker: defect("retained-not-kept"),
    finds: [/^\+ retained/],
  },
  "how many retained messages are kept where all are lost": {
    question: RETAINED_MESSAGES,
    broker: defect("retained-not-kept"),
    finds: [/^retainedMessages not known: 0 of 1000 are stored, which is not a limit$/],
  },
  "wildcards that match wrongly": {
    question: WILDCARDS,
    broker: defect("hash-is-plus"),
    finds: [/^\+ wildcards: \+ and # are granted$/],
  },
  "wills that are lost": { question: WILLS, broker: defect("will-lost"), finds: [/^\+ wills/] },
  "sessions that are lost": {
    question: SESSIONS,
    broker: defect("session-not-kept"),
    finds: [/^\+ sessions/],
  },
  "messages of a client that is away that are lost": {
    question: QUEUED,
    broker: defect("offline-lost"),
    finds: [/^queued not known: 0 of 1000 messages came/],
  },
  "a PUBACK that never comes": {
    question: QOS,
    broker: defect("puback-lost"),
    finds: [/^\+ qos1/, /^\+ qos2/],
  },
  "payloads that are cut": {
    question: PACKET_SIZE,
    broker: defect("payload-cut-at-127"),
    finds: [/^largestPacket at least 100000: a message with 100000 bytes in a packet is delivered$/],
  },
  "messages that come late": {
    question: TOPIC_LENGTH,
    broker: quirk("deliveries-late"),
    version: "5.0",
    finds: [/^topicLength at least 65535/],
  },
  "messages that overtake each other": {
    question: DOLLAR_TOPICS,
    broker: quirk("order-within-a-topic"),
    finds: [/^\+ dollar-topics/],
  },
  "retained messages ahead of the SUBACK": {
    question: RETAINED_MESSAGES,
    broker: quirk("retained-before-suback"),
    finds: [
      /^retainedMessages at least 1000: of 1000 the first, the last and every 25th between them are stored$/,
    ],
  },
  "messages at QoS 2 that are taken at QoS 1": {
    question: RECEIVE_MAXIMUM,
    broker: {
      alter: {
        outgoing: (packet) => [
          packet.type === "PUBREC" ? { type: "PUBACK", packetId: packet.packetId } : packet,
        ],
      },
    },
    finds: [/^receiveMaximum not known: a PUBLISH at QoS 2 is answered by PUBACK$/],
  },
  "a broker without limits": {
    question: IN_FLIGHT,
    broker: {},
    finds: [/^\+ several-in-flight/, /^inFlight at least 310/],
  },
};

for (const [name, { question, broker, version, finds }] of Object.entries(KEPT)) {
  Deno.test(`a question lowers no claim for ${name}`, async () => {
    const found = await answer(question, broker, version);
    assert.equal(found.length, finds.length, found.join("\n"));
    finds.forEach((wanted, at) => assert.match(found[at] ?? "", wanted));
  });
}

Deno.test("a broker that goes down at a deep topic has the last levels that worked, and gets no deeper topic", async () => {
  let gone = false;
  const depths = new Set<number>();
  const end = Promise.withResolvers<null>();
  const broker = {
    alter: {
      refusesFilter: (filter: string) => {
        const levels = filter.split("/").length;
        depths.add(levels);
        if (levels > 500 && !gone) {
          gone = true;
          end.resolve(null);
        }
        return undefined;
      },
    },
  };
  const found = await answer(TOPIC_LEVELS, broker, "3.1.1", ({ open }) => ({
    reach: {
      async open(signal) {
        if (gone) throw new TransportError("refused", "nobody listens");
        const connection = await open(signal);
        return {
          read: (buffer) => Promise.race([connection.read(buffer), end.promise]),
          write: (bytes) => connection.write(bytes),
          close: () => connection.close(),
          [Symbol.dispose]: () => connection.close(),
        };
      },
    },
  }));
  assert.deepEqual(found, ["topicLevels 100: with 1000 levels the broker goes down"]);
  assert.deepEqual([...depths].filter((levels) => levels > 1_000), []);
});

Deno.test("passwords are claimed if the broker refuses a client without one, and one with a wrong one", async () => {
  const login = { userName: "attest", password: "reference broker" };
  const ask = (broker: BrokerOptions) =>
    answer(CREDENTIALS, broker, "5.0", (reach) => ({ reach: { ...reach, ...login } }));
  assert.deepEqual(await ask(quirk("wants-password")), [
    "+ credentials: a client without a user name and one with a wrong password are refused",
  ]);
  assert.deepEqual(await ask({}), ["- credentials: a client without a user name is accepted"]);
  const careless = { quirks: ["wants-password"], defects: ["password-not-compared"] };
  assert.deepEqual(await ask(careless), ["- credentials: a client with a wrong password is accepted"]);
  assert.deepEqual(await answer(CREDENTIALS, {}, "5.0"), []);
});
