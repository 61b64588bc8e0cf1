import assert from "node:assert/strict";
import type { PublishPacket, QoS } from "../mqtt/packet.ts";
import { Publisher } from "./publisher.ts";
import { number, TestPeer } from "./test_peer.ts";

/** A client that is subscribed to everything that it publishes. */
function bench(...options: ConstructorParameters<typeof TestPeer>) {
  const peer = new TestPeer(...options);
  const filter = {
    filter: "#",
    qos: 0,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  } as const;
  peer.exchange.subscribe(peer.session, filter, 0, undefined, true);
  return { peer, publisher: new Publisher(peer.session, peer, peer.exchange, 2) };
}

function publish(qos: QoS, packetId: number | undefined, more: Partial<PublishPacket> = {}): PublishPacket {
  const packet: PublishPacket = {
    type: "PUBLISH",
    topic: "t",
    payload: new TextEncoder().encode("m"),
    qos,
    dup: false,
    retain: false,
    properties: [],
    ...more,
  };
  return packetId === undefined ? packet : { ...packet, packetId };
}

Deno.test("a message is published once and answered according to its QoS", () => {
  const { peer, publisher } = bench();
  using _ = peer;
  publisher.publish(publish(0, undefined));
  assert.deepEqual(peer.got, ["t: m q0"]);
  publisher.publish(publish(1, 7));
  assert.deepEqual(peer.got, ["t: m q0", "PUBACK 7"]);
  publisher.publish(publish(2, 8));
  publisher.release(8);
  assert.deepEqual(peer.got, ["t: m q0", "PUBREC 8", "PUBCOMP 8"]);
});

Deno.test("a QoS 2 message that is repeated before PUBREL is not published again, after PUBREL it is new", () => {
  const { peer, publisher } = bench();
  using _ = peer;
  publisher.publish(publish(2, 8));
  publisher.publish(publish(2, 8, { dup: true }));
  assert.deepEqual(peer.got, ["t: m q0", "PUBREC 8", "PUBREC 8"]);
  publisher.release(8);
  publisher.publish(publish(2, 8));
  assert.deepEqual(peer.got, ["PUBCOMP 8", "t: m q0", "PUBREC 8"]);
  // At QoS 1 every PUBLISH is a new message.
  publisher.publish(publish(1, 7, { dup: true }));
  assert.deepEqual(peer.got, ["t: m q0", "PUBACK 7"]);
});

Deno.test("PUBREL with an unknown packet id is answered with the reason", () => {
  const { peer, publisher } = bench("5.0");
  using _ = peer;
  publisher.release(9);
  assert.deepEqual(peer.got, ["PUBCOMP 9 0x92"]);
});

Deno.test("a broker that delivers at PUBREL holds the message until then", () => {
  const { peer, publisher } = bench("3.1.1", { deliversAtPubrel: true });
  using _ = peer;
  publisher.publish(publish(2, 8));
  assert.deepEqual(peer.got, ["PUBREC 8"]);
  publisher.release(8);
  publisher.release(8);
  assert.deepEqual(peer.got, ["t: m q0", "PUBCOMP 8", "PUBCOMP 8 0x92"]);
});

Deno.test("a client that exceeds the Receive Maximum is disconnected, one that repeats a message is not", () => {
  const { peer, publisher } = bench("5.0", { receiveMaximum: () => 1 });
  using _ = peer;
  publisher.publish(publish(2, 8));
  publisher.publish(publish(2, 8, { dup: true }));
  publisher.publish(publish(0, undefined));
  assert.deepEqual(peer.got, ["t: m q0", "PUBREC 8", "PUBREC 8", "t: m q0"]);
  publisher.publish(publish(1, 9));
  assert.deepEqual(peer.got, ["end 0x93"]);
  publisher.release(8);
  publisher.publish(publish(1, 9));
  assert.deepEqual(peer.got, ["PUBCOMP 8", "t: m q0", "PUBACK 9"]);
});

Deno.test("a client of 5.0 that uses a feature announced as unavailable is disconnected", () => {
  const limits = { maximumQos: 1, retainAvailable: false } as const;
  const { peer, publisher } = bench("5.0", limits);
  using _ = peer;
  publisher.publish(publish(2, 8));
  publisher.publish(publish(0, undefined, { retain: true }));
  assert.deepEqual(peer.got, ["end 0x9b", "end 0x9a"]);
  const old = bench("3.1.1", limits);
  using _old = old.peer;
  old.publisher.publish(publish(2, 8));
  assert.deepEqual(old.peer.got, ["t: m q0", "PUBREC 8"]);
});

Deno.test("a topic alias stands for the last topic name that it was sent with", () => {
  const { peer, publisher } = bench("5.0");
  using _ = peer;
  const properties = [number("topicAlias", 2)];
  const send = (topic: string) => publisher.publish(publish(0, undefined, { topic, properties }));
  for (const topic of ["a", "", "b", ""]) send(topic);
  assert.deepEqual(peer.got, ["a: m q0", "a: m q0", "b: m q0", "b: m q0"]);
});

Deno.test("a topic alias that is too high, or was never set, ends the connection", () => {
  const { peer, publisher } = bench("5.0");
  using _ = peer;
  publisher.publish(publish(1, 7, { properties: [number("topicAlias", 3)] }));
  publisher.publish(publish(1, 7, { topic: "", properties: [number("topicAlias", 1)] }));
  assert.deepEqual(peer.got, ["end 0x94", "end 0x82"]);
});

Deno.test("a message at a refused topic name is acknowledged with the reason in 5.0, and not forwarded", () => {
  const refusesTopic = (topic: string) => topic === "t" ? "drop" as const : "close" as const;
  const { peer, publisher } = bench("5.0", { refusesTopic });
  using _ = peer;
  for (const qos of [0, 1, 2] as const) publisher.publish(publish(qos, qos || undefined));
  assert.deepEqual(peer.got, ["PUBACK 1 0x90", "PUBREC 2 0x90"]);
  publisher.publish(publish(1, 7, { topic: "other" }));
  assert.deepEqual(peer.got, ["end 0x90"]);
  const old = bench("3.1.1", { refusesTopic });
  using _old = old.peer;
  old.publisher.publish(publish(2, 8));
  old.publisher.release(8);
  assert.deepEqual(old.peer.got, ["PUBREC 8", "PUBCOMP 8"]);
});
