import type { Draft, Property } from "../../../mqtt/packet.ts";
import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { type QuirkTrial, sendsAs, subscribe, trial } from "./trial.ts";

const UNKNOWN: Draft = { type: "UNSUBSCRIBE", packetId: 7, filters: ["t"] };

/** Returns what a client gets of its own message with these properties. */
function carries(...properties: readonly Property[]): Play {
  return sendsAs("5.0", {}, subscribe({ filter: "t" }), publish("t", "p", 0, { properties }));
}

/** A client announces its packet size and whether it wants remarks; returns the answers that it gets. */
function answersWith(properties: readonly Property[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", { properties }, "5.0");
    await client.send(UNKNOWN, { type: "PUBREC", packetId: 9 }, { type: "PINGRESP" });
    return `${client.connack}, ${await client.untilClosed()}`;
  };
}

const withIds: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  for (const [value, filter] of [[1, "t"], [2, "+"]] as const) {
    await client.send({ ...subscribe({ filter }), properties: [{ name: "subscriptionIdentifier", value }] });
    await client.next();
  }
  await client.send(publish("t", "p"));
  return await client.leave();
};

const USER: Property = { name: "userProperty", value: ["a", "b"] };

export const PROPERTY_TRIALS: readonly QuirkTrial[] = [
  trial(
    "reason-strings",
    answersWith([]),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, UNSUBACK id=7 0x11, PUBREL id=9 0x92, DISCONNECT 0x82",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, reasonString="as you like it"}, UNSUBACK id=7 0x11 {reasonString="as you like it"}, PUBREL id=9 0x92 {reasonString="as you like it"}, DISCONNECT 0x82 {reasonString="as you like it"}',
  ),
  trial(
    "reason-strings",
    answersWith([{ name: "requestProblemInformation", value: 0 }]),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, UNSUBACK id=7 0x11, PUBREL id=9 0x92, DISCONNECT 0x82",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, reasonString="as you like it"}, UNSUBACK id=7 0x11, PUBREL id=9 0x92, DISCONNECT 0x82 {reasonString="as you like it"}',
  ),
  trial(
    "reason-strings-long",
    answersWith([]),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, UNSUBACK id=7 0x11, PUBREL id=9 0x92, DISCONNECT 0x82",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, reasonString="as you like it as you like it as you lik"…}, UNSUBACK id=7 0x11 {reasonString="as you like it as you like it as you lik"…}, PUBREL id=9 0x92 {reasonString="as you like it as you like it as you lik"…}, DISCONNECT 0x82 {reasonString="as you like it as you like it as you lik"…}',
  ),
  trial(
    "user-properties-in-answers",
    answersWith([]),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, UNSUBACK id=7 0x11, PUBREL id=9 0x92, DISCONNECT 0x82",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, userProperty="broker":"one", userProperty="broker":"two"}, UNSUBACK id=7 0x11 {userProperty="broker":"one", userProperty="broker":"two"}, PUBREL id=9 0x92 {userProperty="broker":"one", userProperty="broker":"two"}, DISCONNECT 0x82 {userProperty="broker":"one", userProperty="broker":"two"}',
  ),
  trial(
    "user-property-in-deliveries",
    carries(USER),
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {userProperty="a":"b"}, PINGRESP',
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {userProperty="a":"b", userProperty="broker":"passed on"}, PINGRESP',
  ),
  trial(
    "properties-reversed",
    carries({ name: "contentType", value: "x" }, USER, { name: "responseTopic", value: "r" }),
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {contentType="x", userProperty="a":"b", responseTopic="r"}, PINGRESP',
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {userProperty="a":"b", responseTopic="r", contentType="x"}, PINGRESP',
  ),
  trial(
    "subscription-ids-reversed",
    withIds,
    'PUBLISH q0 "t" "p" {subscriptionIdentifier=1, subscriptionIdentifier=2}',
    'PUBLISH q0 "t" "p" {subscriptionIdentifier=2, subscriptionIdentifier=1}',
  ),
  trial(
    "payload-format-0-dropped",
    carries({ name: "payloadFormatIndicator", value: 0 }),
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {payloadFormatIndicator=0}, PINGRESP',
    'SUBACK id=1 0, PUBLISH q0 "t" "p", PINGRESP',
  ),
  trial(
    "expiry-rounded-down",
    carries({ name: "messageExpiryInterval", value: 100 }),
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {messageExpiryInterval=100}, PINGRESP',
    'SUBACK id=1 0, PUBLISH q0 "t" "p" {messageExpiryInterval=99}, PINGRESP',
  ),
];
