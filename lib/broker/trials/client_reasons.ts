import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { subscribe } from "./five.ts";
import { type Play, type Trial, trial } from "./trial.ts";

const KEPT = {
  cleanStart: false,
  properties: [
    { name: "sessionExpiryInterval", value: 300 },
    { name: "receiveMaximum", value: 1 },
  ],
};

/**
 * A client with Receive Maximum 1 gets two messages, the first with packet id 1, and sends these packets; returns what
 * it gets after the first, and what it gets when it is back.
 */
const answers = (qos: 1 | 2, ...drafts: readonly Draft[]): Play => async (port) => {
  const client = await TestClient.connect(port, "a", KEPT, "5.0");
  await client.send(subscribe("t", [], qos));
  await client.next();
  await using pub = await TestClient.connect(port, "pub", {}, "5.0");
  await pub.publish("t", "1", { qos, packetId: 7 });
  await pub.publish("t", "2", { qos, packetId: 8 });
  await client.next();
  await client.send(...drafts);
  const got = await client.leave();
  await client[Symbol.asyncDispose]();
  await using back = await TestClient.connect(port, "a", KEPT, "5.0");
  return `${got}; ${await back.leave()}`;
};

/** A client with a will leaves with this reason; returns what the subscriber of the will gets. */
const leavesBy = (reason: number): Play => async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("will");
  await using client = await TestClient.connect(
    port,
    "a",
    { will: { topic: "will", payload: "gone" } },
    "5.0",
  );
  await client.send({ type: "DISCONNECT", reason });
  await client.untilClosed();
  return await sub.leave();
};

/** A client with a session leaves with a failure; returns the CONNACK when it is back. */
const isBack: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", KEPT, "5.0");
  await client.send({ type: "DISCONNECT", reason: 0x82 });
  await client.untilClosed();
  await using back = await TestClient.connect(port, "a", KEPT, "5.0");
  return back.connack.replace(/ \{.*/, "");
};

const refusal = (type: "PUBACK" | "PUBREC"): Draft => ({ type, packetId: 1, reason: 0x83 });
const WILL = 'PUBLISH q0 "will" "gone"';
const SECOND = 'PUBLISH q1 id=2 "t" "2"; PUBLISH q1 id=2 dup "t" "2"';
const SECOND_AT_2 = 'PUBLISH q2 id=2 "t" "2"; PUBLISH q2 id=2 dup "t" "2"';

export const CLIENT_REASON_TRIALS: readonly Trial[] = [
  trial("puback-refusal-ignored", answers(1, refusal("PUBACK")), SECOND, '; PUBLISH q1 id=1 dup "t" "1"'),
  trial("puback-refusal-keeps-its-place", answers(1, refusal("PUBACK")), SECOND, '; PUBLISH q1 id=2 "t" "2"'),
  trial(
    "pubrec-refusal-answered",
    answers(2, refusal("PUBREC")),
    SECOND_AT_2,
    'PUBREL id=1; PUBREL id=1, PUBLISH q2 id=2 "t" "2"',
  ),
  trial(
    "pubrec-refusal-keeps-its-place",
    answers(2, refusal("PUBREC")),
    SECOND_AT_2,
    '; PUBLISH q2 id=2 "t" "2"',
  ),
  trial(
    "pubcomp-failure-ignored",
    answers(2, { type: "PUBREC", packetId: 1 }, { type: "PUBCOMP", packetId: 1, reason: 0x92 }),
    `PUBREL id=1, ${SECOND_AT_2}`,
    'PUBREL id=1; PUBREL id=1, PUBLISH q2 id=2 "t" "2"',
  ),
  trial(
    "refused-sent-again",
    answers(1, refusal("PUBACK"), { type: "PUBACK", packetId: 2 }),
    'PUBLISH q1 id=2 "t" "2"; ',
    'PUBLISH q1 id=2 "t" "2"; PUBLISH q1 id=3 "t" "1"',
  ),
  trial(
    "answers-with-properties-passed-over",
    answers(1, { type: "PUBACK", packetId: 1, properties: [{ name: "reasonString", value: "r" }] }),
    SECOND,
    '; PUBLISH q1 id=1 dup "t" "1"',
  ),
  trial("will-after-0x04-only", leavesBy(0x82), WILL, ""),
  trial("will-after-failures-only", leavesBy(0x04), WILL, ""),
  trial("session-lost-on-failure", isBack, "CONNACK 0 session-present", "CONNACK 0"),
];
