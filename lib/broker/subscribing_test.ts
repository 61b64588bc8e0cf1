import assert from "node:assert/strict";
import type { Property, SubscribePacket, Subscription, UnsubscribePacket } from "../mqtt/packet.ts";
import { handleSubscribe, handleUnsubscribe } from "./subscribing.ts";
import { number, TestPeer } from "./test_peer.ts";

type Asked = Pick<Subscription, "filter"> & Partial<Subscription>;

function subscribe(peer: TestPeer, asked: readonly Asked[], properties: readonly Property[] = []) {
  const subscriptions = asked.map((one): Subscription => ({
    qos: 2,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
    ...one,
  }));
  const packet: SubscribePacket = { type: "SUBSCRIBE", packetId: 1, subscriptions, properties };
  handleSubscribe(packet, peer.session, peer, peer.exchange);
  return peer.got;
}

function unsubscribe(peer: TestPeer, filters: readonly string[]) {
  const packet: UnsubscribePacket = { type: "UNSUBSCRIBE", packetId: 2, filters, properties: [] };
  handleUnsubscribe(packet, peer.session, peer, peer.exchange);
  return peer.got;
}

/** Retains a message at a topic name. */
function retain(peer: TestPeer, topic: string): void {
  const payload = new TextEncoder().encode("kept");
  peer.exchange.publish({
    topic,
    payload,
    qos: 1,
    retain: true,
    dup: false,
    publisher: "p",
    properties: [],
  });
}

Deno.test("SUBACK has a reason for each filter in order, and retained messages follow it", () => {
  using peer = new TestPeer();
  for (const topic of ["a", "b"]) retain(peer, topic);
  assert.deepEqual(subscribe(peer, [{ filter: "b", qos: 1 }, { filter: "a", qos: 0 }]), [
    "SUBACK 1 0x1 0x0",
    "b: kept q1 retain",
    "a: kept q0 retain",
  ]);
});

Deno.test("retained messages are sent according to the retain handling of 5.0", () => {
  using peer = new TestPeer("5.0");
  retain(peer, "a");
  const sent = ([0, 1, 2] as const).map((retainHandling) => {
    const counts = [1, 2].map(() => subscribe(peer, [{ filter: "a", retainHandling }]).length - 1);
    unsubscribe(peer, ["a"]);
    return counts;
  });
  assert.deepEqual(sent, [[1, 1], [1, 0], [0, 0]]);
});

Deno.test("a refused filter gets the code of each version, and the others are granted", () => {
  const refusesFilter = (filter: string) => filter === "no" ? 0x87 : undefined;
  const asked = [{ filter: "no" }, { filter: "yes" }];
  const answers = (["5.0", "3.1.1", "3.1"] as const).map((version) => {
    using peer = new TestPeer(version, { refusesFilter });
    return subscribe(peer, asked);
  });
  assert.deepEqual(answers, [["SUBACK 1 0x87 0x2"], ["SUBACK 1 0x80 0x2"], ["end"]]);
});

Deno.test("more subscriptions than a session may have are refused", () => {
  const asked = ["a", "b", "c"].map((filter) => ({ filter }));
  const answers = (["5.0", "3.1.1"] as const).map((version) => {
    using peer = new TestPeer(version);
    return subscribe(peer, asked);
  });
  assert.deepEqual(answers, [["SUBACK 1 0x2 0x2 0x97"], ["SUBACK 1 0x2 0x2 0x80"]]);
});

Deno.test("the granted QoS is not above the maximum that 5.0 announces", () => {
  const answers = (["5.0", "3.1.1"] as const).map((version) => {
    using peer = new TestPeer(version, { maximumQos: 1 });
    return subscribe(peer, [{ filter: "a" }, { filter: "b", qos: 0 }]);
  });
  assert.deepEqual(answers, [["SUBACK 1 0x1 0x0"], ["SUBACK 1 0x2 0x0"]]);
});

Deno.test("a client of 5.0 that asks for a feature announced as unavailable is disconnected", () => {
  const none = { identifiersAvailable: false, sharedAvailable: false, wildcardsAvailable: false };
  using peer = new TestPeer("5.0", none);
  assert.deepEqual(subscribe(peer, [{ filter: "a" }], [number("subscriptionIdentifier", 5)]), ["end 0xa1"]);
  assert.deepEqual(subscribe(peer, [{ filter: "a" }, { filter: "$share/g/a" }]), ["end 0x9e"]);
  assert.deepEqual(subscribe(peer, [{ filter: "a/+" }]), ["end 0xa2"]);
  assert.equal(peer.session.subscriptions.size, 0);
  using shared = new TestPeer("5.0", { wildcardsAvailable: false });
  assert.deepEqual(subscribe(shared, [{ filter: "$share/g/a" }]), ["SUBACK 1 0x2"]);
  assert.deepEqual(subscribe(shared, [{ filter: "$share/g/#" }]), ["end 0xa2"]);
  using old = new TestPeer("3.1.1", none);
  assert.deepEqual(subscribe(old, [{ filter: "a/+" }]), ["SUBACK 1 0x2"]);
});

Deno.test("a subscription identifier is sent with each message of its subscriptions", () => {
  using peer = new TestPeer("5.0");
  subscribe(peer, [{ filter: "a" }], [number("subscriptionIdentifier", 5)]);
  retain(peer, "a");
  assert.deepEqual(peer.got, ["a: kept q1 5"]);
});

Deno.test("UNSUBACK in 5.0 says which filters existed, and is sent even if none did", () => {
  using peer = new TestPeer("5.0");
  subscribe(peer, [{ filter: "a" }, { filter: "a/#" }]);
  assert.deepEqual(unsubscribe(peer, ["a", "a/b", "a/#"]), ["UNSUBACK 2 0x0 0x11 0x0"]);
  assert.equal(peer.session.subscriptions.size, 0);
  assert.deepEqual(unsubscribe(peer, ["a"]), ["UNSUBACK 2 0x11"]);
  using old = new TestPeer("3.1.1");
  assert.deepEqual(unsubscribe(old, ["a"]), ["UNSUBACK 2"]);
});
