import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false };

/** A session of one kind, with a subscription, is reopened as one of another kind, and then gets a message. */
const comesBack = (before: boolean, after: boolean): Play => async (port) => {
  await using first = await TestClient.connect(port, "sub", { cleanStart: before });
  await first.subscribe("t", 1);
  await first.leave();
  await using second = await TestClient.connect(port, "sub", { cleanStart: after });
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.publish("t", "p", { qos: 1, packetId: 1 });
  return `${second.connack}, ${await second.leave()}`;
};

/** Two messages at QoS 1 and two at QoS 2 while the client of a kept session is offline. */
const offline: Play = async (port) => {
  await using before = await TestClient.connect(port, "sub", KEPT);
  await before.subscribe("t", 2);
  await before.leave();
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(publish("t", "1", 1), publish("t", "2", 2), publish("t", "3", 1));
  await publisher.leave();
  await using after = await TestClient.connect(port, "sub", KEPT);
  return await after.leave();
};

/** A QoS 1 and two QoS 2 messages are sent; the second is answered with PUBREC; then the client reconnects. */
const resumes: Play = async (port) => {
  await using before = await TestClient.connect(port, "sub", KEPT);
  await before.subscribe("t", 2);
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(publish("t", "1", 1), publish("t", "2", 2), publish("t", "3", 2, { packetId: 8 }));
  await publisher.leave();
  await before.take(3);
  await before.send({ type: "PUBREC", packetId: 2 });
  await before.leave();
  await using after = await TestClient.connect(port, "sub", KEPT);
  return await after.leave();
};

/** A QoS 2 message of a publisher, sent again on its next connection. */
const publisherComesBack: Play = async (port) => {
  await using subscriber = await TestClient.connect(port, "sub");
  await subscriber.subscribe("t");
  await using before = await TestClient.connect(port, "pub", KEPT);
  await before.publish("t", "1", { qos: 2, packetId: 7 });
  await before.leave();
  await using after = await TestClient.connect(port, "pub", KEPT);
  await after.publish("t", "1", { qos: 2, packetId: 7, dup: true });
  return await subscriber.leave();
};

/** A second connection has the same client id; then the first one pings. */
const sameId: Play = async (port) => {
  await using older = await TestClient.connect(port, "same");
  await using newer = await TestClient.connect(port, "same");
  await older.send({ type: "PINGREQ" });
  return `${newer.connack}; ${await older.leave()}`;
};

const SUBSCRIBE_BOTH: Draft = {
  type: "SUBSCRIBE",
  packetId: 1,
  subscriptions: [{ filter: "t/a", qos: 1 }, { filter: "t/+", qos: 0 }],
};

/** Subscribes to "t/a" and "t/+", does something, and publishes to "t/a" and "t/b". */
const subscriptions = (...drafts: readonly Draft[]): Play => async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(SUBSCRIBE_BOTH, ...drafts, publish("t/a", "1", 1), publish("t/b", "2", 0));
  return await client.leave();
};

const unsubscribe = (...filters: readonly string[]): Draft => ({ type: "UNSUBSCRIBE", packetId: 2, filters });

/** Unsubscribes during a QoS 2 delivery. */
const inFlight: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", KEPT);
  await client.subscribe("t", 2);
  await client.publish("t", "p", { qos: 1, packetId: 1 });
  await client.send(unsubscribe("t"));
  await client.leave();
  await using after = await TestClient.connect(port, "a", KEPT);
  return await after.leave();
};

export const SESSION_TRIALS: readonly Trial[] = [
  trial("session-present-always", comesBack(true, true), "CONNACK 0, ", "CONNACK 0 session-present, "),
  trial(
    "session-present-never",
    comesBack(false, false),
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
    'CONNACK 0, PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "session-not-kept",
    comesBack(false, false),
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
    "CONNACK 0, ",
  ),
  trial(
    "clean-session-not-cleaned",
    comesBack(false, true),
    "CONNACK 0, ",
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "clean-session-kept",
    comesBack(true, false),
    "CONNACK 0, ",
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
  ),
  trial(
    "subscriptions-lost",
    comesBack(false, false),
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
    "CONNACK 0 session-present, ",
  ),
  trial(
    "offline-lost",
    offline,
    'PUBLISH q1 id=1 "t" "1", PUBLISH q2 id=2 "t" "2", PUBLISH q1 id=3 "t" "3"',
    "",
  ),
  trial(
    "offline-qos1-lost",
    offline,
    'PUBLISH q1 id=1 "t" "1", PUBLISH q2 id=2 "t" "2", PUBLISH q1 id=3 "t" "3"',
    'PUBLISH q2 id=1 "t" "2"',
  ),
  trial(
    "offline-first-only",
    offline,
    'PUBLISH q1 id=1 "t" "1", PUBLISH q2 id=2 "t" "2", PUBLISH q1 id=3 "t" "3"',
    'PUBLISH q1 id=1 "t" "1"',
  ),
  trial(
    "in-flight-lost",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    "",
  ),
  trial(
    "resend-lost",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    "PUBREL id=2",
  ),
  trial(
    "resend-new-id",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBREL id=2, PUBLISH q1 id=101 dup "t" "1", PUBLISH q2 id=103 dup "t" "3"',
  ),
  trial(
    "resend-reversed",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBLISH q2 id=3 dup "t" "3", PUBLISH q1 id=1 dup "t" "1", PUBREL id=2',
  ),
  trial(
    "resend-qos2-lost",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1"',
  ),
  trial(
    "publish-after-pubrel",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBLISH q2 id=2 dup "t" "2", PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
  ),
  trial(
    "pubrel-not-resent",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
  ),
  trial(
    "pubrel-resent-new-id",
    resumes,
    'PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
    'PUBREL id=102, PUBLISH q1 id=1 dup "t" "1", PUBLISH q2 id=3 dup "t" "3"',
  ),
  trial(
    "qos2-received-forgotten",
    publisherComesBack,
    'PUBLISH q0 "t" "1"',
    'PUBLISH q0 "t" "1", PUBLISH q0 "t" "1"',
  ),
  trial("takeover-leaves-old", sameId, "CONNACK 0; ", "CONNACK 0; PINGRESP"),
  trial(
    "subscribes-first-only",
    subscriptions(),
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7',
  ),
  trial(
    "grants-qos0",
    subscriptions(),
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
    'SUBACK id=1 0 0, PUBLISH q0 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
  ),
  trial(
    "resubscribe-keeps-old",
    subscriptions({ type: "SUBSCRIBE", packetId: 3, subscriptions: [{ filter: "t/a", qos: 0 }] }),
    'SUBACK id=1 1 0, SUBACK id=3 0, PUBLISH q0 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
    'SUBACK id=1 1 0, SUBACK id=3 0, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
  ),
  trial(
    "unsubscribe-ignored",
    subscriptions(unsubscribe("t/a", "t/+")),
    "SUBACK id=1 1 0, UNSUBACK id=2, PUBACK id=7",
    'SUBACK id=1 1 0, UNSUBACK id=2, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
  ),
  trial(
    "unsubscribes-first-only",
    subscriptions(unsubscribe("t/a", "t/+")),
    "SUBACK id=1 1 0, UNSUBACK id=2, PUBACK id=7",
    'SUBACK id=1 1 0, UNSUBACK id=2, PUBLISH q0 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
  ),
  trial(
    "unsubscribe-by-match",
    subscriptions(unsubscribe("t/+")),
    'SUBACK id=1 1 0, UNSUBACK id=2, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7',
    "SUBACK id=1 1 0, UNSUBACK id=2, PUBACK id=7",
  ),
  trial(
    "unsubscribe-by-prefix",
    subscriptions(unsubscribe("t")),
    'SUBACK id=1 1 0, UNSUBACK id=2, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
    "SUBACK id=1 1 0, UNSUBACK id=2, PUBACK id=7",
  ),
  trial("unsubscribe-drops-in-flight", inFlight, 'PUBLISH q1 id=1 dup "t" "p"', ""),
  trial(
    "unsuback-only-if-subscribed",
    subscriptions(unsubscribe("u")),
    'SUBACK id=1 1 0, UNSUBACK id=2, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
    'SUBACK id=1 1 0, PUBLISH q1 id=1 "t/a" "1", PUBACK id=7, PUBLISH q0 "t/b" "2"',
  ),
];
