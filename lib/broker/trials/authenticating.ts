import type { Draft, Property } from "../../mqtt/packet.ts";
import { connectPacket, TestClient } from "../test_client.ts";
import { subscribe, tells } from "./five.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const METHOD: Property = { name: "authenticationMethod", value: "m" };
const DATA: Property = { name: "authenticationData", value: "d" };

/** What every CONNACK announces. */
const USUAL = " {maximumPacketSize=16777216, topicAliasMaximum=16}";

const auth = (reason: number): Draft => ({ type: "AUTH", reason, properties: [METHOD] });

/** Returns what a 5.0 client receives that sends a CONNECT with these properties, then these packets, and leaves. */
function connects(properties: readonly Property[], ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.open(port, "5.0");
    await client.send(connectPacket("5.0", { clientId: "a", properties }), ...drafts, { type: "PINGREQ" });
    await client.send({ type: "DISCONNECT" });
    return (await client.untilClosed()).replace(USUAL, "");
  };
}

/** Returns what a subscriber gets of a PUBLISH after a refused CONNECT. */
const behindRefusal: Play = async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("t");
  await using client = await TestClient.open(port, "5.0");
  await client.send(connectPacket("5.0", { clientId: "a", properties: [METHOD] }), publish("t", "p"));
  await client.untilClosed();
  return await sub.leave();
};

/** Returns what a client receives when another client takes over its id. */
const replaced: Play = async (port) => {
  await using first = await TestClient.connect(port, "a", {}, "5.0");
  await using second = await TestClient.connect(port, "a", {}, "5.0");
  await second.leave();
  return await first.untilClosed();
};

/** Returns what a client with Receive Maximum 1 gets that acknowledges nothing. */
const full = connects(
  [{ name: "receiveMaximum", value: 1 }],
  subscribe(),
  publish("t", "1", 1),
  publish("t", "2", 1, { packetId: 8 }),
);

export const AUTHENTICATION_TRIALS: readonly Trial[] = [
  trial("auth-method-ignored", connects([METHOD]), "CONNACK 0x8c", "CONNACK 0, PINGRESP"),
  trial(
    "auth-method-invented",
    connects([]),
    "CONNACK 0, PINGRESP",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, authenticationMethod="plain"}, PINGRESP',
  ),
  trial("auth-data-alone-taken", connects([DATA]), "CONNACK 0x81", "CONNACK 0, PINGRESP"),
  trial(
    "auth-answered",
    connects([], auth(0x18)),
    "CONNACK 0, DISCONNECT 0x82",
    'CONNACK 0, AUTH 0x18 {authenticationMethod="m"}, PINGRESP',
  ),
  trial("auth-ignored", connects([], auth(0x19)), "CONNACK 0, DISCONNECT 0x82", "CONNACK 0, PINGRESP"),
  trial("auth-reason-ignored", connects([], auth(0x01)), "CONNACK 0, DISCONNECT 0x82", "CONNACK 0, PINGRESP"),
  trial("served-behind-a-refusal", behindRefusal, "", 'PUBLISH q0 "t" "p"'),
];

export const CODE_TRIALS: readonly Trial[] = [
  trial(
    "puback-foreign-code",
    connects([], publish("t", "p", 1)),
    "CONNACK 0, PUBACK id=7, PINGRESP",
    "CONNACK 0, PUBACK id=7 0x92 !reason-code, PINGRESP",
  ),
  trial(
    "pubrec-foreign-code",
    connects([], publish("t", "p", 2)),
    "CONNACK 0, PUBREC id=7, PINGRESP",
    "CONNACK 0, PUBREC id=7 0x92 !reason-code, PINGRESP",
  ),
  trial(
    "pubrel-foreign-code",
    connects([], { type: "PUBREC", packetId: 9 }),
    "CONNACK 0, PUBREL id=9 0x92, PINGRESP",
    "CONNACK 0, PUBREL id=9 0x10 !reason-code, PINGRESP",
  ),
  trial(
    "pubcomp-foreign-code",
    connects([], { type: "PUBREL", packetId: 9 }),
    "CONNACK 0, PUBCOMP id=9 0x92, PINGRESP",
    "CONNACK 0, PUBCOMP id=9 0x10 !reason-code, PINGRESP",
  ),
  trial(
    "disconnect-with-expiry",
    replaced,
    "DISCONNECT 0x8e",
    "DISCONNECT 0x8e {sessionExpiryInterval=60} !property-misplaced",
  ),
  trial(
    "disconnect-unlisted-ignored",
    connects([], { type: "DISCONNECT", reason: 0x01 }),
    "CONNACK 0, DISCONNECT 0x82",
    "CONNACK 0, PINGRESP",
  ),
  trial("disconnect-after-refusal", connects([METHOD]), "CONNACK 0x8c", "CONNACK 0x8c, DISCONNECT 0x8c"),
  trial(
    "full-window-stops-all",
    full,
    'CONNACK 0, SUBACK id=1 1, PUBLISH q1 id=1 "t" "1", PUBACK id=7, PUBACK id=8, PINGRESP',
    'CONNACK 0, SUBACK id=1 1, PUBLISH q1 id=1 "t" "1", PUBACK id=7',
  ),
];

const beside = (defect: string, quirk: string, play: Play, right: string, wrong: string): Trial => ({
  ...trial(defect, play, right, wrong),
  quirks: [quirk],
});

/** Returns the answer to a CONNECT with this will. */
const willing = (qos: number, retain: boolean): Play => async (port) => {
  const will = { topic: "t", payload: "w", qos, retain };
  await using client = await TestClient.connect(port, "a", { will }, "5.0");
  return client.connack.split(" {")[0] ?? "";
};

/** Returns what a QoS 1 subscriber gets of these messages. */
const limited = (...publishes: readonly Draft[]) => tells({ publishes });

/** Returns what a connected client gets that sends these packets and leaves. */
const sends = (...drafts: readonly Draft[]): Play => async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  await client.send(...drafts);
  return await client.leave();
};

const qos2 = (...packetIds: readonly number[]): readonly Draft[] =>
  packetIds.map((packetId) => publish("t", "p", 2, { packetId }));

/** Returns the CONNACK of a plain CONNECT. */
const announced: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  return client.connack;
};

export const LIMIT_TRIALS: readonly Trial[] = [
  beside(
    "maximum-qos-ignored",
    "maximum-qos-1",
    limited(publish("t", "p", 2)),
    "",
    'PUBLISH q1 id=1 "t" "p"',
  ),
  beside("maximum-qos-ignored-for-wills", "maximum-qos-1", willing(2, false), "CONNACK 0x9b", "CONNACK 0"),
  beside(
    "maximum-qos-exceeded-in-suback",
    "maximum-qos-1",
    sends(subscribe("t", [], 2)),
    "SUBACK id=1 1",
    "SUBACK id=1 2",
  ),
  beside(
    "retain-taken-though-unavailable",
    "retain-unavailable",
    limited(publish("t", "p", 0, { retain: true })),
    "",
    'PUBLISH q0 "t" "p"',
  ),
  beside(
    "retained-will-accepted-though-unavailable",
    "retain-unavailable",
    willing(0, true),
    "CONNACK 0x9a",
    "CONNACK 0",
  ),
  beside(
    "maximum-packet-size-not-kept",
    "maximum-packet-size-512",
    limited(publish("t", "x".repeat(600))),
    "",
    'PUBLISH q0 "t" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (600 bytes)',
  ),
  beside(
    "receive-maximum-not-kept",
    "receive-maximum-3",
    sends(...qos2(1, 2, 3, 4)),
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, DISCONNECT 0x93",
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBREC id=4",
  ),
  beside(
    "receive-maximum-used-up",
    "receive-maximum-3",
    sends(...qos2(1, 2, 3), { type: "PUBREL", packetId: 1 }, ...qos2(4)),
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBCOMP id=1, PUBREC id=4",
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBCOMP id=1, DISCONNECT 0x93",
  ),
  {
    defect: "limits-unsaid",
    quirks: ["maximum-qos-1", "retain-unavailable"],
    play: announced,
    right: "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, maximumQoS=1, retainAvailable=0}",
    wrong: "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
  },
  trial(
    "features-denied",
    announced,
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, maximumQoS=1, retainAvailable=0, wildcardSubscriptionAvailable=0, … 7 in all}",
  ),
];
