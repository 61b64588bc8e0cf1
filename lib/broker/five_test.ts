import assert from "node:assert/strict";
import type { Property } from "../mqtt/packet.ts";
import { Broker } from "./broker.ts";
import { type ConnectFields, TestClient } from "./test_client.ts";

const connect = (
  port: number,
  clientId: string,
  properties: readonly Property[] = [],
  fields: ConnectFields = {},
) => TestClient.connect(port, clientId, { properties, ...fields }, "5.0");

const subscribe = async (
  client: TestClient,
  filter: string,
  options: {
    readonly qos?: number;
    readonly identifier?: number;
    readonly noLocal?: boolean;
    readonly retainAsPublished?: boolean;
    readonly retainHandling?: number;
  } = {},
) => {
  const { identifier, qos = 2, ...rest } = options;
  const properties = identifier === undefined ? [] : [{ name: "subscriptionIdentifier", value: identifier }];
  await client.send({
    type: "SUBSCRIBE",
    packetId: 1,
    subscriptions: [{ filter, qos, ...rest }],
    properties,
  });
  return await client.next();
};

Deno.test("5.0: a client without an id is assigned one, which CONNACK contains", async () => {
  await using broker = await Broker.start();
  await using client = await connect(broker.address.port, "");
  assert.match(client.connack, /^CONNACK 0 \{.*assignedClientIdentifier="attest-/);
});

Deno.test("5.0: an authentication method is refused with 0x8c", async () => {
  await using broker = await Broker.start();
  await using client = await connect(broker.address.port, "a", [{
    name: "authenticationMethod",
    value: "X",
  }]);
  assert.equal(client.connack, "CONNACK 0x8c");
  assert.equal(await client.untilClosed(), "");
});

Deno.test("5.0: a session is kept for its expiry interval, which DISCONNECT may change", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  const interval = (value: number) => [{ name: "sessionExpiryInterval", value }];
  await using first = await connect(port, "a", interval(100), { cleanStart: false });
  assert.match(first.connack, /^CONNACK 0/);
  await first.leave();
  await using second = await connect(port, "a", interval(100), { cleanStart: false });
  assert.match(second.connack, /^CONNACK 0 session-present/);
  await second.send({ type: "DISCONNECT", reason: 0, properties: interval(0) });
  assert.equal(await second.untilClosed(), "");
  await using third = await connect(port, "a", [], { cleanStart: false });
  assert.match(third.connack, /^CONNACK 0/);
  await third.send({ type: "DISCONNECT", reason: 0, properties: interval(5) });
  assert.equal(await third.untilClosed(), "DISCONNECT 0x82");
});

Deno.test("5.0: properties of a message reach subscribers unchanged and in order, and a 3.1.1 client without them", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using five = await connect(port, "five");
  await subscribe(five, "t", { qos: 0 });
  await using three = await TestClient.connect(port, "three");
  await three.subscribe("t");
  await using pub = await connect(port, "pub");
  const properties: readonly Property[] = [
    { name: "userProperty", value: ["k", "2"] },
    { name: "payloadFormatIndicator", value: 1 },
    { name: "contentType", value: "text" },
    { name: "responseTopic", value: "r" },
    { name: "correlationData", value: Uint8Array.of(0xff) },
    { name: "userProperty", value: ["k", "1"] },
  ];
  await pub.publish("t", "p", { properties });
  assert.equal(
    await five.leave(),
    'PUBLISH q0 "t" "p" {userProperty="k":"2", payloadFormatIndicator=1, contentType="text", ' +
      'responseTopic="r", correlationData=0xff, … 6 in all}',
  );
  assert.equal(await three.leave(), 'PUBLISH q0 "t" "p"');
});

Deno.test("5.0: message expiry is counted down while a message waits, and an expired one is not sent", async () => {
  let now = 0;
  await using broker = await Broker.start({ now: () => now });
  const { port } = broker.address;
  const kept = [{ name: "sessionExpiryInterval", value: 1000 }];
  await using before = await connect(port, "a", kept);
  await subscribe(before, "t");
  await before.leave();
  await using pub = await connect(port, "pub");
  for (const seconds of [10, 30]) {
    const properties = [{ name: "messageExpiryInterval", value: seconds }];
    await pub.publish("t", `${seconds}`, { qos: 1, packetId: seconds, properties });
  }
  now += 12_000;
  await using after = await connect(port, "a", kept, { cleanStart: false });
  assert.equal(await after.leave(), 'PUBLISH q1 id=1 "t" "30" {messageExpiryInterval=18}');
});

Deno.test("5.0: overlapping subscriptions give one delivery with all their identifiers", async () => {
  await using broker = await Broker.start();
  await using client = await connect(broker.address.port, "a");
  await subscribe(client, "t/#", { identifier: 5, qos: 0 });
  await subscribe(client, "t/x", { identifier: 9, qos: 1 });
  await client.send({ type: "PUBLISH", topic: "t/x", payload: "p", qos: 1, packetId: 1 });
  assert.match(
    await client.leave(),
    /^PUBLISH q1 id=1 "t\/x" "p" \{subscriptionIdentifier=[59], subscriptionIdentifier=[59]\}, PUBACK id=1$/,
  );
});

Deno.test("5.0: no local, retain as published and retain handling take effect", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using pub = await connect(port, "pub");
  await pub.publish("t", "kept", { retain: true });
  await using client = await connect(port, "a");
  await subscribe(client, "t", { noLocal: true, retainAsPublished: true, retainHandling: 1 });
  assert.equal(await client.next(), 'PUBLISH q0 retain "t" "kept"');
  await subscribe(client, "t", { noLocal: true, retainAsPublished: true, retainHandling: 1 });
  await subscribe(client, "t", { noLocal: true, retainAsPublished: true, retainHandling: 2 });
  await client.publish("t", "mine");
  await pub.publish("t", "retained", { retain: true });
  await pub.publish("t", "plain");
  assert.equal(await client.leave(), 'PUBLISH q0 retain "t" "retained", PUBLISH q0 "t" "plain"');
});

Deno.test("5.0: retain handling 1 sends retained messages for a new subscription", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using client = await connect(port, "a");
  await client.publish("t", "kept", { retain: true });
  await client.send({
    type: "SUBSCRIBE",
    packetId: 1,
    subscriptions: [{ filter: "t", qos: 0, retainHandling: 1 }],
  });
  assert.equal(await client.leave(), 'SUBACK id=1 0, PUBLISH q0 retain "t" "kept"');
});

Deno.test("5.0: no more messages are in flight than Receive Maximum allows, and PUBACK releases the next", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using client = await connect(port, "a", [{ name: "receiveMaximum", value: 2 }]);
  await subscribe(client, "t");
  await using pub = await connect(port, "pub");
  for (const qos of [1, 2, 1, 0] as const) await pub.publish("t", `q${qos}`, qos ? { qos, packetId: 1 } : {});
  assert.equal(
    await client.take(3),
    'PUBLISH q1 id=1 "t" "q1", PUBLISH q2 id=2 "t" "q2", PUBLISH q0 "t" "q0"',
  );
  await client.send({ type: "PUBREC", packetId: 2 });
  assert.equal(await client.next(), "PUBREL id=2");
  await client.send({ type: "PUBCOMP", packetId: 2 });
  assert.equal(await client.next(), 'PUBLISH q1 id=3 "t" "q1"');
});

Deno.test("5.0: a message too large for the client is skipped, the next is not", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using client = await connect(port, "a", [{ name: "maximumPacketSize", value: 100 }, {
    name: "receiveMaximum",
    value: 1,
  }]);
  await subscribe(client, "t");
  await using pub = await connect(port, "pub");
  await pub.publish("t", "x".repeat(200), { qos: 1, packetId: 1 });
  await pub.publish("t", "small", { qos: 1, packetId: 1 });
  assert.equal(await client.leave(), 'PUBLISH q1 id=2 "t" "small"');
});

Deno.test("5.0: topic aliases stand for their topic names on their connection only", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using sub = await connect(port, "sub");
  await subscribe(sub, "#", { qos: 0 });
  const alias = (value: number) => ({ properties: [{ name: "topicAlias", value }] });
  await using pub = await connect(port, "pub");
  await pub.publish("t", "1", alias(16));
  await pub.publish("", "2", alias(16));
  assert.equal(await sub.take(2), 'PUBLISH q0 "t" "1", PUBLISH q0 "t" "2"');
  await using stranger = await connect(port, "stranger");
  assert.equal(await stranger.publish("", "3", alias(16)), "DISCONNECT 0x82");
  await using greedy = await connect(port, "greedy");
  assert.equal(await greedy.publish("t", "3", alias(17)), "DISCONNECT 0x94");
});

Deno.test("5.0: members of a shared subscription take turns, and get nothing retained", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using pub = await connect(port, "pub");
  await pub.publish("t", "kept", { retain: true });
  await using one = await connect(port, "one");
  await using two = await connect(port, "two");
  await subscribe(one, "$share/g/t", { qos: 0 });
  await subscribe(two, "$share/g/t", { qos: 0 });
  for (const payload of ["1", "2", "3", "4"]) await pub.publish("t", payload);
  assert.equal(await one.leave(), 'PUBLISH q0 "t" "1", PUBLISH q0 "t" "3"');
  assert.equal(await two.leave(), 'PUBLISH q0 "t" "2", PUBLISH q0 "t" "4"');
});

Deno.test("5.0: DISCONNECT 0x04 publishes the will, and the end of the session publishes a delayed will", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using watcher = await connect(port, "watcher");
  await subscribe(watcher, "will/#", { qos: 0 });
  const will = (topic: string, seconds: number) => ({
    topic,
    payload: "gone",
    properties: [{ name: "willDelayInterval", value: seconds }, { name: "contentType", value: "w" }],
  });
  await using asked = await connect(port, "asked", [], { will: will("will/asked", 0) });
  await asked.send({ type: "DISCONNECT", reason: 4 });
  assert.equal(await watcher.next(), 'PUBLISH q0 "will/asked" "gone" {contentType="w"}');
  const kept = [{ name: "sessionExpiryInterval", value: 1000 }];
  await using held = await connect(port, "held", kept, { will: will("will/held", 500) });
  held.drop();
  await using back = await connect(port, "held", kept, { cleanStart: false, will: will("will/back", 500) });
  assert.match(back.connack, /session-present/);
  back.drop();
  await using clean = await connect(port, "held");
  await clean.leave();
  assert.equal(await watcher.leave(), 'PUBLISH q0 "will/back" "gone" {contentType="w"}');
});

Deno.test("5.0: UNSUBACK says which subscriptions existed; unknown packet ids are answered with 0x92", async () => {
  await using broker = await Broker.start();
  await using client = await connect(broker.address.port, "a");
  await subscribe(client, "t");
  await client.send({ type: "UNSUBSCRIBE", packetId: 2, filters: ["t", "u"] });
  assert.equal(await client.next(), "UNSUBACK id=2 0 0x11");
  await client.send({ type: "PUBREL", packetId: 3 }, { type: "PUBREC", packetId: 4 });
  assert.equal(await client.leave(), "PUBCOMP id=3 0x92, PUBREL id=4 0x92");
});
