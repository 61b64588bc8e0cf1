import type { Draft, Property } from "../../../mqtt/packet.ts";
import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { connack, type QuirkTrial, subscribe, trial } from "./trial.ts";

/** Sends these after CONNECT; returns CONNACK and the answers. */
function announced(...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", {}, "5.0");
    await client.send(...drafts, { type: "PINGREQ" });
    return `${client.connack}, ${await client.leave()}`;
  };
}

/** Returns what a client gets that accepts packets of this size and sends a PINGREQ. */
function atMost(bytes: number): Play {
  return async (port) => {
    await using client = await TestClient.open(port, "5.0");
    const properties: Property[] = [{ name: "maximumPacketSize", value: bytes }];
    await client.send({ type: "CONNECT", clientId: "a", properties }, { type: "PINGREQ" });
    return await client.leave();
  };
}

const qos2 = (packetId: number) => publish("t", "", 2, { packetId });
const alias = (value: number) => publish("t", "", 0, { properties: [{ name: "topicAlias", value }] });
const will = (fields: { qos?: number; retain?: boolean }) =>
  connack({ will: { topic: "w", payload: "", ...fields } }, "5.0");
const expiry = (value: number): Property => ({ name: "sessionExpiryInterval", value });

/** A client requests a session, and looks for it again. */
const resumed: Play = async (port) => {
  await using first = await TestClient.connect(port, "a", { properties: [expiry(300)] }, "5.0");
  await first.leave();
  await using second = await TestClient.connect(port, "a", { cleanStart: false }, "5.0");
  return `${first.connack}, ${second.connack}`;
};

/** A silent client is dropped. */
const silent: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", { keepAlive: 60 }, "5.0");
  return `${client.connack}, ${await client.untilClosed()}`;
};

export const ANNOUNCED_TRIALS: readonly QuirkTrial[] = [
  trial(
    "receive-maximum-1",
    announced(qos2(1), qos2(2)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PUBREC id=1, PUBREC id=2, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, receiveMaximum=1}, PUBREC id=1, DISCONNECT 0x93",
  ),
  trial(
    "receive-maximum-3",
    announced(qos2(1), qos2(2), qos2(3), qos2(4)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBREC id=4, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, receiveMaximum=3}, PUBREC id=1, PUBREC id=2, PUBREC id=3, DISCONNECT 0x93",
  ),
  trial(
    "maximum-qos-1",
    announced(subscribe({ filter: "t", qos: 2 }), publish("t", "", 1), qos2(2)),
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 2, PUBLISH q1 id=1 "t" "", PUBACK id=7, PUBLISH q2 id=2 "t" "", PUBREC id=2, PINGRESP',
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, maximumQoS=1}, SUBACK id=1 1, PUBLISH q1 id=1 "t" "", PUBACK id=7, DISCONNECT 0x9b',
  ),
  trial(
    "maximum-qos-1",
    will({ qos: 2 }),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0x9b",
  ),
  trial(
    "maximum-qos-0",
    announced(subscribe({ filter: "t", qos: 1 }), publish("t", "", 1)),
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 1, PUBLISH q1 id=1 "t" "", PUBACK id=7, PINGRESP',
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, maximumQoS=0}, SUBACK id=1 0, DISCONNECT 0x9b",
  ),
  trial(
    "retain-unavailable",
    announced(publish("t", "", 0, { retain: true })),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, retainAvailable=0}, DISCONNECT 0x9a",
  ),
  trial(
    "retain-unavailable",
    will({ retain: true }),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0x9a",
  ),
  trial(
    "maximum-packet-size-512",
    announced(publish("t", "x".repeat(503), 1), publish("t", "x".repeat(504), 1)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PUBACK id=7, PUBACK id=7, PINGRESP",
    "CONNACK 0 {maximumPacketSize=512, topicAliasMaximum=16}, PUBACK id=7, DISCONNECT 0x95",
  ),
  trial(
    "topic-alias-maximum-0",
    announced(alias(1)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=0}, DISCONNECT 0x94",
  ),
  trial(
    "topic-alias-maximum-1",
    announced(alias(1), alias(2)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=1}, DISCONNECT 0x94",
  ),
  trial(
    "topic-alias-maximum-5",
    announced(alias(5), alias(6)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=5}, DISCONNECT 0x94",
  ),
  trial(
    "topic-alias-maximum-65535",
    announced(alias(65_535), publish("", "", 1, { properties: [{ name: "topicAlias", value: 65_535 }] })),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, DISCONNECT 0x94",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=65535}, PUBACK id=7, PINGRESP",
  ),
  trial(
    "wildcards-unavailable",
    announced(subscribe({ filter: "t/#" })),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 0, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, wildcardSubscriptionAvailable=0}, DISCONNECT 0xa2",
  ),
  trial(
    "subscription-ids-unavailable",
    announced({ ...subscribe({ filter: "t" }), properties: [{ name: "subscriptionIdentifier", value: 1 }] }),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 0, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, subscriptionIdentifierAvailable=0}, DISCONNECT 0xa1",
  ),
  trial(
    "shared-unavailable",
    announced(subscribe({ filter: "$share/g/t" })),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 0, PINGRESP",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, sharedSubscriptionAvailable=0}, DISCONNECT 0x9e",
  ),
  trial(
    "server-keep-alive-2",
    silent,
    undefined,
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, serverKeepAlive=2}, DISCONNECT 0x8d",
  ),
  trial(
    "server-keep-alive-5",
    connack({}, "5.0"),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, serverKeepAlive=5}",
  ),
  trial(
    "session-expiry-10",
    resumed,
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, CONNACK 0 session-present {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, sessionExpiryInterval=10}, CONNACK 0 session-present {maximumPacketSize=16777216, topicAliasMaximum=16}",
  ),
  trial(
    "session-expiry-0",
    resumed,
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, CONNACK 0 session-present {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, sessionExpiryInterval=0}, CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
  ),
  trial(
    "connack-in-full",
    connack({ properties: [expiry(7)] }, "5.0"),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, receiveMaximum=65535, retainAvailable=1, wildcardSubscriptionAvailable=1, … 8 in all}",
  ),
  trial(
    "connack-too-large-dropped",
    atMost(20),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "PINGRESP",
  ),
  trial(
    "connack-says-little",
    announced(alias(1)),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, PINGRESP",
    "CONNACK 0, DISCONNECT 0x94",
  ),
  trial(
    "response-information",
    connack({ properties: [{ name: "requestResponseInformation", value: 1 }] }, "5.0"),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, responseInformation="responses/"}',
  ),
];
