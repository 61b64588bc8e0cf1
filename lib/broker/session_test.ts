import assert from "node:assert/strict";
import type { QoS } from "../mqtt/packet.ts";
import { Broker } from "./broker.ts";
import { TestClient } from "./test_client.ts";

const KEPT = { cleanStart: false } as const;

Deno.test("publish and deliver: the delivery has the lower of the two QoS, RETAIN 0 and DUP 0", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  const got: string[] = [];
  const levels: readonly QoS[] = [0, 1, 2];
  for (const granted of levels) {
    await using sub = await TestClient.connect(port, "sub");
    assert.equal(await sub.subscribe("t", granted), `SUBACK id=1 ${granted}`);
    await using pub = await TestClient.connect(port, "pub");
    for (const qos of levels) {
      const fields = qos ? { qos, packetId: 9 } : {};
      const answer = await pub.publish("t", `${qos}`, { ...fields, retain: true, dup: qos > 0 });
      assert.equal(answer, ["PINGRESP", "PUBACK id=9", "PUBREC id=9"][qos]);
    }
    // Of the retained messages, the next subscriber gets the last one first.
    got.push((await sub.leave()).replace(/^[^,]*retain[^,]*, /, ""));
  }
  assert.deepEqual(got, [
    'PUBLISH q0 "t" "0", PUBLISH q0 "t" "1", PUBLISH q0 "t" "2"',
    'PUBLISH q0 "t" "0", PUBLISH q1 id=2 "t" "1", PUBLISH q1 id=3 "t" "2"',
    'PUBLISH q0 "t" "0", PUBLISH q1 id=2 "t" "1", PUBLISH q2 id=3 "t" "2"',
  ]);
});

Deno.test("overlapping subscriptions give one delivery at the highest QoS", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t/#", 2);
  await client.subscribe("t/+", 1);
  await client.subscribe("t/x", 0);
  await client.send({ type: "PUBLISH", topic: "t/x", payload: "p", qos: 2, packetId: 4 });
  assert.equal(await client.leave(), 'PUBLISH q2 id=1 "t/x" "p", PUBREC id=4');
});

Deno.test("a kept session queues QoS 1 and 2 in order, but not QoS 0, while its client is disconnected", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using before = await TestClient.connect(port, "sub", KEPT);
  assert.equal(before.connack, "CONNACK 0");
  await before.subscribe("t", 2);
  await before.leave();
  await using pub = await TestClient.connect(port, "pub");
  await pub.publish("t", "one", { qos: 1, packetId: 1 });
  await pub.publish("t", "zero");
  await pub.publish("t", "two", { qos: 2, packetId: 2 });
  await using after = await TestClient.connect(port, "sub", KEPT);
  assert.equal(after.connack, "CONNACK 0 session-present");
  assert.equal(await after.leave(), 'PUBLISH q1 id=1 "t" "one", PUBLISH q2 id=2 "t" "two"');
});

Deno.test("an unacknowledged message is sent again with DUP and its first id; after PUBREC only PUBREL is sent again", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using pub = await TestClient.connect(port, "pub");
  await using first = await TestClient.connect(port, "sub", KEPT);
  await first.subscribe("t", 2);
  for (const payload of ["a", "b", "c"]) {
    await pub.publish("t", payload, { qos: 2, packetId: 1, dup: false }).then(() =>
      pub.send({ type: "PUBREL", packetId: 1 })
    ).then(() => pub.next());
  }
  await first.take(3);
  await first.send({ type: "PUBREC", packetId: 2 });
  assert.equal(await first.next(), "PUBREL id=2");
  first.drop();
  await using second = await TestClient.connect(port, "sub", KEPT);
  assert.equal(await second.take(3), 'PUBREL id=2, PUBLISH q2 id=1 dup "t" "a", PUBLISH q2 id=3 dup "t" "c"');
  await second.send({ type: "PUBCOMP", packetId: 2 }, { type: "PUBREC", packetId: 1 }, {
    type: "PUBREC",
    packetId: 3,
  });
  assert.equal(await second.take(2), "PUBREL id=1, PUBREL id=3");
  await second.send({ type: "PUBCOMP", packetId: 1 });
  await second.leave();
  await using third = await TestClient.connect(port, "sub", KEPT);
  assert.equal(await third.leave(), "PUBREL id=3");
});

Deno.test("a QoS 2 message repeated before PUBREL, also on a later connection, is delivered once", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using sub = await TestClient.connect(port, "sub");
  await sub.subscribe("t");
  const publish = { type: "PUBLISH", topic: "t", payload: "once", qos: 2, packetId: 7 } as const;
  await using before = await TestClient.connect(port, "pub", KEPT);
  await before.send(publish, { ...publish, dup: true });
  assert.equal(await before.take(2), "PUBREC id=7, PUBREC id=7");
  before.drop();
  await using after = await TestClient.connect(port, "pub", KEPT);
  await after.send({ ...publish, dup: true }, { type: "PUBREL", packetId: 7 }, {
    type: "PUBREL",
    packetId: 7,
  });
  assert.equal(await after.take(3), "PUBREC id=7, PUBCOMP id=7, PUBCOMP id=7");
  assert.equal(await sub.next(), 'PUBLISH q0 "t" "once"');
  await after.publish("t", "new", { qos: 2, packetId: 7, dup: true });
  assert.equal(await sub.leave(), 'PUBLISH q0 "t" "new"');
});

Deno.test("a clean session drops the one before and is never resumed", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using kept = await TestClient.connect(port, "a", KEPT);
  await kept.subscribe("t", 1);
  await kept.leave();
  await using clean = await TestClient.connect(port, "a");
  assert.equal(clean.connack, "CONNACK 0");
  await clean.subscribe("u", 1);
  await clean.leave();
  await using pub = await TestClient.connect(port, "pub");
  await pub.publish("t", "x", { qos: 1, packetId: 1 });
  await pub.publish("u", "x", { qos: 1, packetId: 1 });
  await using again = await TestClient.connect(port, "a", KEPT);
  assert.equal(again.connack, "CONNACK 0");
  assert.equal(await again.leave(), "");
});

Deno.test("retained messages: stored, replaced, sent for each subscription, cleared by an empty one", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using pub = await TestClient.connect(port, "pub");
  await using sub = await TestClient.connect(port, "sub");
  await pub.publish("r/a", "old", { retain: true });
  await pub.publish("r/a", "new", { retain: true, qos: 1, packetId: 1 });
  await pub.publish("r/a", "plain");
  await pub.publish("r/b", "other", { retain: true });
  assert.equal(await sub.subscribe("r/+", 1), "SUBACK id=1 1");
  assert.equal(await sub.take(2), 'PUBLISH q1 id=1 retain "r/a" "new", PUBLISH q0 retain "r/b" "other"');
  await pub.publish("r/b", "", { retain: true });
  assert.equal(await sub.next(), 'PUBLISH q0 "r/b" ""');
  await sub.subscribe("r/+", 0);
  assert.equal(await sub.leave(), 'PUBLISH q0 retain "r/a" "new"');
});

Deno.test("one SUBSCRIBE of several filters gets one SUBACK with a code each; UNSUBSCRIBE compares characters", async () => {
  await using broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a");
  const subscriptions = [{ filter: "a/#", qos: 2 }, { filter: "a/b", qos: 0 }, { filter: "c", qos: 1 }];
  await client.send({ type: "SUBSCRIBE", packetId: 3, subscriptions });
  assert.equal(await client.next(), "SUBACK id=3 2 0 1");
  await client.send({ type: "UNSUBSCRIBE", packetId: 4, filters: ["a/+", "c", "d"] });
  assert.equal(await client.next(), "UNSUBACK id=4");
  await client.publish("c", "no");
  await client.send({ type: "PUBLISH", topic: "a/b", payload: "yes" });
  assert.equal(await client.leave(), 'PUBLISH q0 "a/b" "yes"');
});

Deno.test("an acknowledgement of the wrong kind ends the connection", async () => {
  await using broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await client.subscribe("t", 2);
  await client.send({ type: "PUBLISH", topic: "t", qos: 1, packetId: 1 });
  assert.equal(await client.take(2), 'PUBLISH q1 id=1 "t" "", PUBACK id=1');
  await client.send({ type: "PUBCOMP", packetId: 1 });
  assert.equal(await client.untilClosed(), "DISCONNECT 0x82");
});

Deno.test("a session's queue is bounded: the newest is dropped", async () => {
  await using broker = await Broker.start({ limits: { queuedMessages: 2 } });
  const { port } = broker.address;
  await using before = await TestClient.connect(port, "sub", KEPT);
  await before.subscribe("t", 1);
  await before.leave();
  await using pub = await TestClient.connect(port, "pub");
  for (const payload of ["1", "2", "3"]) await pub.publish("t", payload, { qos: 1, packetId: 1 });
  await using after = await TestClient.connect(port, "sub", KEPT);
  assert.equal(await after.leave(), 'PUBLISH q1 id=1 "t" "1", PUBLISH q1 id=2 "t" "2"');
});

Deno.test("the broker publishes about itself below $SYS, which a leading wildcard does not match", async () => {
  await using broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a");
  for (const filter of ["#", "+/#", "+/broker/version"]) await client.subscribe(filter);
  await client.subscribe("$SYS/broker/#");
  assert.equal(
    await client.leave(),
    'PUBLISH q0 retain "$SYS/broker" "attest", PUBLISH q0 retain "$SYS/broker/version" "attest reference broker"',
  );
});
