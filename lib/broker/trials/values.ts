import type { Draft, Property } from "../../mqtt/packet.ts";
import { type ConnectFields, TestClient } from "../test_client.ts";
import { subscribe, tells } from "./five.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const one = (name: string, value: Property["value"]): Property => ({ name, value });
const user = (name: string, value: string): Property => one("userProperty", [name, value]);

/** A message with these properties reaches a subscriber. */
const carries = (...properties: readonly Property[]): Play =>
  tells({ publishes: [publish("t", "p", 0, { properties })] });

/** A client with these properties connects, and publishes to itself at QoS 1; returns what it gets after SUBACK. */
const toItself = (properties: readonly Property[]): Play => async (port) => {
  await using client = await TestClient.connect(port, "a", { properties }, "5.0");
  await client.send(subscribe(), publish("t", "p", 1));
  return `${client.connack}, ${await client.leave()}`;
};

/** A client leaves with this Session Expiry Interval, and comes back; returns its second CONNACK. */
const keeps = (seconds: number): Play => async (port) => {
  const fields: ConnectFields = {
    cleanStart: false,
    properties: [one("sessionExpiryInterval", seconds)],
  };
  await using before = await TestClient.connect(port, "a", fields, "5.0");
  await before.leave();
  await using after = await TestClient.connect(port, "a", fields, "5.0");
  return after.connack.replace(/ \{.*/, "");
};

/** A client leaves with a delayed will, and a subscriber listens for a moment. */
const holdsBack = (seconds: number): Play => async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("will");
  const will = {
    topic: "will",
    payload: "gone",
    properties: [one("willDelayInterval", seconds)],
  };
  const properties = [one("sessionExpiryInterval", 300)];
  await using client = await TestClient.connect(port, "a", { will, properties }, "5.0");
  await client.send({ type: "DISCONNECT", reason: 4 });
  await client.untilClosed();
  return await sub.leave();
};

const long: Draft = {
  type: "SUBSCRIBE",
  packetId: 1,
  subscriptions: [{ filter: "t", qos: 0 }],
  properties: [user("n", "v".repeat(200))],
};

const answers: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", {}, "5.0");
  await client.send(long, { type: "PINGREQ" });
  return await client.leave();
};

const MESSAGE = 'PUBLISH q0 "t" "p"';
const many = Array.from({ length: 17 }, (_, i) => user("k", `${i}`));
const firstFive = [0, 1, 2, 3, 4].map((i) => `userProperty="k":"${i}"`).join(", ");
const SUBACK = "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}, SUBACK id=1 1";
const ITSELF = `${SUBACK}, PUBLISH q1 id=1 "t" "p", PUBACK id=7`;

/** A message reaches its subscriber with this property: correctly as `right`, wrongly as `wrong`. */
const passed = (defect: string, property: Property, right: string, wrong: string): Trial =>
  trial(defect, carries(property), `${MESSAGE} {${right}}`, wrong === "" ? MESSAGE : `${MESSAGE} {${wrong}}`);

export const VALUE_TRIALS: readonly Trial[] = [
  passed(
    "properties-over-16383-lost",
    one("contentType", "c".repeat(16_381)),
    `contentType="${"c".repeat(40)}"…`,
    "",
  ),
  trial(
    "user-properties-at-most-16",
    carries(...many),
    `${MESSAGE} {${firstFive}, … 17 in all}`,
    `${MESSAGE} {${firstFive}, … 16 in all}`,
  ),
  passed(
    "long-user-properties-lost",
    user("n", "v".repeat(300)),
    `userProperty="n":"${"v".repeat(40)}"…`,
    "",
  ),
  passed("user-property-names-lowered", user("N", "V"), 'userProperty="N":"V"', 'userProperty="n":"V"'),
  passed(
    "correlation-data-ends-at-nul",
    one("correlationData", Uint8Array.of(0x61, 0, 0x62)),
    'correlationData="a\\u0000b"',
    'correlationData="a"',
  ),
  passed("content-type-lowered", one("contentType", "Text"), 'contentType="Text"', 'contentType="text"'),
  passed("response-topic-slash-lost", one("responseTopic", "/a"), 'responseTopic="/a"', 'responseTopic="a"'),
  passed(
    "expiry-of-16-bits",
    one("messageExpiryInterval", 65_546),
    "messageExpiryInterval=65546",
    "messageExpiryInterval=10",
  ),
  trial("session-expiry-of-16-bits", keeps(65_536), "CONNACK 0 session-present", "CONNACK 0"),
  trial("session-expiry-largest-is-none", keeps(0xffff_ffff), "CONNACK 0 session-present", "CONNACK 0"),
  trial("will-delay-of-31-bits", holdsBack(0x8000_0000), "", 'PUBLISH q0 "will" "gone"'),
  trial(
    "receive-maximum-of-a-byte",
    toItself([one("receiveMaximum", 256)]),
    ITSELF,
    `${SUBACK}, PUBACK id=7`,
  ),
  trial("maximum-packet-size-of-16-bits", toItself([one("maximumPacketSize", 65_536)]), ITSELF, "closed, "),
  trial("long-properties-passed-over", answers, "SUBACK id=1 0, PINGRESP", "PINGRESP"),
];
