import type { Draft, Property } from "../../mqtt/packet.ts";
import { connectPacket, TestClient } from "../test_client.ts";
import { subscribe } from "./five.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const OTHER: Property = { name: "authenticationMethod", value: "m" };

/** Returns what a 5.0 client receives that sends a CONNECT with these properties, then these packets, and leaves. */
function connects(properties: readonly Property[], ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.open(port, "5.0");
    await client.send(connectPacket("5.0", { clientId: "a", properties }), ...drafts, { type: "PINGREQ" });
    await client.send({ type: "DISCONNECT" });
    return await client.untilClosed();
  };
}

/** A method that the broker supports, its correct answer, and a wrong one. */
const PAIR: Property = { name: "authenticationMethod", value: "x-attest-pair" };
const answers = (data: string): readonly Property[] => [
  PAIR,
  { name: "authenticationData", value: new TextEncoder().encode(data) },
];
const answer = (data: string, reason = 0x18): Draft => ({ type: "AUTH", reason, properties: answers(data) });
const RIGHT = answer("pong");

/** A trial on a broker that authenticates; the client's CONNECT names the method. */
function asked(defect: string, sent: readonly Draft[], right: string, wrong: string): Trial {
  return { ...trial(defect, connects([PAIR], ...sent), right, wrong), quirks: ["authenticates"] };
}

const CHALLENGE = 'AUTH 0x18 {authenticationMethod="x-attest-pair", authenticationData="ping"}';
const NAMED = ', authenticationMethod="x-attest-pair"}';
const ACCEPTED = `${CHALLENGE}, CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16${NAMED}`;
const AGAIN: Draft = { type: "AUTH", reason: 0x19, properties: [PAIR] };

const TOLD = 'AUTH {authenticationMethod="x-attest-pair"}';
const ONCE = `${ACCEPTED}, ${CHALLENGE}, ${TOLD}`;
const TWICE = `${ONCE}, ${CHALLENGE}, ${TOLD}`;

/** Returns what a subscriber gets of the will of a client that has re-authenticated and is cut off. */
const willAfterAgain: Play = async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("w");
  {
    await using client = await TestClient.open(port, "5.0");
    const will = { topic: "w", payload: "last", qos: 0, retain: false };
    await client.send(connectPacket("5.0", { clientId: "a", properties: [PAIR], will }), RIGHT, AGAIN, RIGHT);
    for (let at = 0; at < 4; at++) await client.next();
    // Only a DISCONNECT that requests the will is certainly read before the subscriber leaves.
    await client.send({ type: "DISCONNECT", reason: 0x04 });
    await client.untilClosed();
  }
  return await sub.leave();
};

/** Returns the CONNACK of a client that gives the answers of "x-attest-steps". */
const steps: Play = async (port) => {
  const named: Property = { name: "authenticationMethod", value: "x-attest-steps" };
  const answers = [Uint8Array.of(0xff, 0), new TextEncoder().encode("done")];
  await using client = await TestClient.open(port, "5.0");
  const hello: Property = { name: "authenticationData", value: new TextEncoder().encode("hello") };
  await client.send(connectPacket("5.0", { clientId: "a", properties: [named, hello] }));
  for (const value of answers) {
    await client.next();
    await client.send({
      type: "AUTH",
      reason: 0x18,
      properties: [named, { name: "authenticationData", value }],
    });
  }
  return await client.next();
};
const STEPS =
  'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, authenticationMethod="x-attest-steps"';

export const METHOD_TRIALS: readonly Trial[] = [
  asked(
    "auth-challenge-of-success",
    [RIGHT],
    `${ACCEPTED}, PINGRESP`,
    `${ACCEPTED}, PINGRESP`.replace("0x18 ", ""),
  ),
  asked("auth-wrong-answer-taken", [answer("no")], `${CHALLENGE}, CONNACK 0x87`, `${ACCEPTED}, PINGRESP`),
  asked(
    "auth-any-reason-taken",
    [answer("pong", 0x19)],
    `${CHALLENGE}, CONNACK 0x82`,
    `${ACCEPTED}, PINGRESP`,
  ),
  asked(
    "auth-other-method-taken",
    [{ type: "AUTH", reason: 0x18, properties: [OTHER, ...answers("pong").slice(1)] }],
    `${CHALLENGE}, CONNACK 0x82`,
    `${ACCEPTED}, PINGRESP`,
  ),
  asked(
    "auth-method-unnamed",
    [RIGHT],
    `${ACCEPTED}, PINGRESP`,
    `${CHALLENGE}, CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP`,
  ),
  asked(
    "re-auth-failure-ignored",
    [RIGHT, AGAIN, answer("no")],
    `${ACCEPTED}, ${CHALLENGE}, DISCONNECT 0x87`,
    `${ACCEPTED}, ${CHALLENGE}, PINGRESP`,
  ),
  asked("auth-proof-unchecked", [answer("no")], `${CHALLENGE}, CONNACK 0x87`, `${ACCEPTED}, PINGRESP`),
  asked("auth-empty-answer-taken", [answer("")], `${CHALLENGE}, CONNACK 0x87`, `${ACCEPTED}, PINGRESP`),
  asked("auth-cut-answer-taken", [answer("po")], `${CHALLENGE}, CONNACK 0x87`, `${ACCEPTED}, PINGRESP`),
  asked(
    "auth-unasked-accepted",
    [],
    CHALLENGE,
    `${ACCEPTED.replace(`${CHALLENGE}, `, "")}, PINGRESP`,
  ),
  asked(
    "auth-challenge-other-method",
    [RIGHT],
    `${ACCEPTED}, PINGRESP`,
    `${ACCEPTED}, PINGRESP`.replace("x-attest-pair", "x-attest-other"),
  ),
  asked(
    "auth-challenge-unnamed",
    [RIGHT],
    `${ACCEPTED}, PINGRESP`,
    `${ACCEPTED}, PINGRESP`.replace('authenticationMethod="x-attest-pair", ', ""),
  ),
  asked(
    "auth-asked-after-success",
    [RIGHT],
    `${ACCEPTED}, PINGRESP`,
    `${ACCEPTED}, AUTH 0x18 {authenticationMethod="x-attest-pair"}, PINGRESP`,
  ),
  asked(
    "auth-early-packets-ignored",
    [{ type: "PINGREQ" }, RIGHT],
    CHALLENGE,
    `${ACCEPTED}, PINGRESP`,
  ),
  asked(
    "re-auth-once",
    [RIGHT, AGAIN, RIGHT, AGAIN, RIGHT],
    `${TWICE}, PINGRESP`,
    `${ONCE}, DISCONNECT 0x82`,
  ),
  asked(
    "re-auth-ends-with-continue",
    [RIGHT, AGAIN, RIGHT],
    `${ONCE}, PINGRESP`,
    `${ACCEPTED}, ${CHALLENGE}, AUTH 0x18 {authenticationMethod="x-attest-pair"}, PINGRESP`,
  ),
  asked(
    "re-auth-ends-with-connack",
    [RIGHT, AGAIN, RIGHT],
    `${ONCE}, PINGRESP`,
    `${ACCEPTED}, ${CHALLENGE}, CONNACK 0 {authenticationMethod="x-attest-pair"}, PINGRESP`,
  ),
  asked(
    "re-auth-loses-subscriptions",
    [RIGHT, subscribe(), AGAIN, RIGHT, publish("t", "p")],
    `${ACCEPTED}, SUBACK id=1 1, ${CHALLENGE}, ${TOLD}, PUBLISH q0 "t" "p", PINGRESP`,
    `${ACCEPTED}, SUBACK id=1 1, ${CHALLENGE}, ${TOLD}, PINGRESP`,
  ),
  asked(
    "re-auth-forgets-qos2",
    [RIGHT, publish("t", "p", 2), AGAIN, RIGHT, { type: "PUBREL", packetId: 7 }],
    `${ACCEPTED}, PUBREC id=7, ${CHALLENGE}, ${TOLD}, PUBCOMP id=7, PINGRESP`,
    `${ACCEPTED}, PUBREC id=7, ${CHALLENGE}, ${TOLD}, PUBCOMP id=7 0x92, PINGRESP`,
  ),
  asked(
    "re-auth-drops-messages",
    [RIGHT, subscribe(), AGAIN, publish("t", "p"), RIGHT],
    `${ACCEPTED}, SUBACK id=1 1, ${CHALLENGE}, PUBLISH q0 "t" "p", ${TOLD}, PINGRESP`,
    `${ACCEPTED}, SUBACK id=1 1, ${CHALLENGE}, ${TOLD}, PINGRESP`,
  ),
  asked(
    "re-auth-serves-nothing",
    [RIGHT, AGAIN, publish("t", "p", 1), RIGHT],
    `${ACCEPTED}, ${CHALLENGE}, PUBACK id=7, ${TOLD}, PINGRESP`,
    `${ONCE}, PINGRESP`,
  ),
  { ...trial("re-auth-drops-will", willAfterAgain, 'PUBLISH q0 "w" "last"', ""), quirks: ["authenticates"] },
  {
    ...trial("auth-success-data-missing", steps, `${STEPS}, authenticationData="welcome"}`, `${STEPS}}`),
    quirks: ["authenticates"],
  },
  {
    ...trial(
      "auth-success-data-wrong",
      steps,
      `${STEPS}, authenticationData="welcome"}`,
      `${STEPS}, authenticationData="weAcome"}`,
    ),
    quirks: ["authenticates"],
  },
];
