import type { Draft, Property } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const number = (name: string, value: number): Property => ({ name, value });

const subscribe = (filter: string, noLocal: boolean = false): Draft => ({
  type: "SUBSCRIBE",
  packetId: 1,
  subscriptions: [{ filter, qos: 1, noLocal }],
});

/** A 5.0 client announces this, subscribes to "t", and publishes there; returns what it gets after CONNACK. */
function announces(properties: readonly Property[], ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", { properties }, "5.0");
    await client.send(subscribe("t"), ...drafts, { type: "PINGREQ" });
    return await client.leave();
  };
}

/** A shared subscription has two members; returns what each of them gets. */
const shared: Play = async (port) => {
  await using one = await TestClient.connect(port, "one", {}, "5.0");
  await one.subscribe("$share/g/t");
  await using two = await TestClient.connect(port, "two", {}, "5.0");
  await two.subscribe("$share/g/t");
  await using publisher = await TestClient.connect(port, "b", {}, "5.0");
  await publisher.send(publish("t", "p"));
  await publisher.leave();
  return `${await one.leave()}; ${await two.leave()}`;
};

/** Returns what a client gets that subscribes to this with No Local, and publishes to "t". */
function noLocal(filter: string): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", {}, "5.0");
    await client.send(subscribe(filter, true), publish("t", "p"), { type: "PINGREQ" });
    return await client.leave();
  };
}

/** Returns the CONNACK for a client that does not request Response Information. */
const connack: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  return client.connack;
};

export const ANNOUNCED_TRIALS: readonly Trial[] = [
  trial("shared-to-all", shared, 'PUBLISH q0 "t" "p"; ', 'PUBLISH q0 "t" "p"; PUBLISH q0 "t" "p"'),
  trial(
    "no-local-on-shared-tolerated",
    noLocal("$share/g/t"),
    "DISCONNECT 0x82",
    "SUBACK id=1 1, PINGRESP",
  ),
  trial(
    "no-local-ignored",
    noLocal("t"),
    "SUBACK id=1 1, PINGRESP",
    'SUBACK id=1 1, PUBLISH q0 "t" "p", PINGRESP',
  ),
  trial(
    "receive-maximum-ignored",
    announces([number("receiveMaximum", 1)], publish("t", "1", 1), publish("t", "2", 1, { packetId: 8 })),
    'SUBACK id=1 1, PUBLISH q1 id=1 "t" "1", PUBACK id=7, PUBACK id=8, PINGRESP',
    'SUBACK id=1 1, PUBLISH q1 id=1 "t" "1", PUBACK id=7, PUBLISH q1 id=2 "t" "2", PUBACK id=8, PINGRESP',
  ),
  trial(
    "maximum-packet-size-ignored",
    announces([number("maximumPacketSize", 20)], publish("t", "more than is taken"), publish("t", "p")),
    'SUBACK id=1 1, PUBLISH q0 "t" "p", PINGRESP',
    'SUBACK id=1 1, PUBLISH q0 "t" "more than is taken", PUBLISH q0 "t" "p", PINGRESP',
  ),
  trial(
    "topic-alias-unasked",
    announces([], publish("t", "p")),
    'SUBACK id=1 1, PUBLISH q0 "t" "p", PINGRESP',
    'SUBACK id=1 1, PUBLISH q0 "t" "p" {topicAlias=7}, PINGRESP',
  ),
  trial(
    "reason-strings-unasked",
    announces([number("requestProblemInformation", 0)]),
    "SUBACK id=1 1, PINGRESP",
    `SUBACK id=1 1 {reasonString="${"x".repeat(40)}"…}, PINGRESP`,
  ),
  trial(
    "response-information-unasked",
    connack,
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, responseInformation="answers"}',
  ),
];
