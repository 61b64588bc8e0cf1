import assert from "node:assert/strict";
import type { Packet } from "../../mqtt/packet.ts";
import { ConnectionWriter } from "./connection_writer.ts";
import { LoadGroup } from "./load_group.ts";
import { type ReadMark, readMark } from "./mark.ts";
import { LoadPublisher } from "./publisher.ts";
import { continuations, TestHost, TestTransport } from "./test_host.ts";

const PUBACK = 4;
const PUBREC = 5;
const PUBCOMP = 7;

/** A connected publisher: the first client of the only group, with the profile's text for `publish`. */
function bench(publish: string, more = "", profile = "") {
  const host = TestHost.for(
    `${profile}groups: [{ group: g, role: publish, clients: 2, publish: { topic: t/$client/$topic, ${publish} }${more} }]`,
  );
  const plan = host.group();
  assert.ok(plan.publish);
  const group = new LoadGroup(host, plan);
  const owner = { writing: () => {}, written: () => {}, writeFailed: () => {} };
  const writer = new ConnectionWriter(host, owner, false);
  const transport = new TestTransport();
  writer.attach(transport);
  writer.accepting = true;
  const publisher = new LoadPublisher(host, group, plan.publish, 0, writer);
  const sent = async () => {
    host.flush();
    await continuations();
    return transport.packets(host.plan.protocol);
  };
  return { host, writer, transport, publisher, sent };
}

function published(packets: readonly Packet[]) {
  return packets.filter((packet) => packet.type === "PUBLISH");
}

function markOf(packet: Packet | undefined): ReadMark {
  const mark: ReadMark = { flow: 0, sequence: 0, due: 0, delay: 0 };
  assert.equal(packet?.type, "PUBLISH");
  if (packet?.type === "PUBLISH") {
    assert.equal(readMark(packet.payload, 0, packet.payload.length, mark), "right");
  }
  return mark;
}

Deno.test("a message that comes due is sent with its mark, and its lateness is timed", async () => {
  const { host, publisher, sent } = bench("rate: 10");
  host.nowMs = 1_007;
  publisher.due(0, 1_005, 1_007, true);
  const [packet] = published(await sent());
  assert.equal(packet?.topic, "t/0/0");
  assert.deepEqual(markOf(packet), { flow: 0, sequence: 0, due: 1_005_000, delay: 2_000 });
  const taken = host.taken();
  assert.deepEqual(taken.counts, { planned: 1, sent: 1, unconfirmed: 1, "sent.bytes": 73 });
  assert.equal(taken.histograms.get("lateness")?.total, 1);
});

Deno.test("a message that finds the window full waits, and keeps its scheduled time", async () => {
  const { host, publisher, sent } = bench("rate: 10, qos: 1, in-flight: 1");
  publisher.due(0, 1_050, 1_050, true);
  publisher.due(1, 1_250, 1_250, true);
  assert.equal(published(await sent()).length, 1);
  assert.deepEqual([publisher.owed, publisher.inFlight], [1, 1]);
  assert.equal(publisher.answered(PUBACK, 1, 0, 1_600), true);
  const [second] = published(await sent());
  // The group's schedule: two clients in turn at 10 messages per second.
  assert.deepEqual(markOf(second), { flow: 0, sequence: 1, due: 1_250_000, delay: 350_000 });
  assert.equal(host.counts().acknowledged, 1);
});

Deno.test("QoS 2 expects PUBREC, PUBREL and PUBCOMP, each timed once", async () => {
  const { host, publisher, sent } = bench("rate: 10, qos: 2");
  publisher.due(0, 1_000, 1_000, true);
  await sent();
  assert.equal(publisher.answered(PUBCOMP, 1, 0, 1_001), false, "PUBREC must come first");
  assert.equal(publisher.answered(PUBREC, 1, 0, 1_002), true);
  assert.equal(
    publisher.answered(PUBREC, 1, 0, 1_003),
    true,
    "a second PUBREC is answered with PUBREL again",
  );
  assert.deepEqual((await sent()).map(({ type }) => type), ["PUBREL", "PUBREL"]);
  assert.equal(publisher.answered(PUBCOMP, 1, 0, 1_004), true);
  assert.equal(publisher.answered(PUBCOMP, 1, 0, 1_005), false, "it is complete");
  const taken = host.taken();
  assert.equal(taken.counts.acknowledged, 1);
  assert.equal(taken.histograms.get("pubrec")?.total, 1);
  assert.equal(taken.histograms.get("pubcomp")?.total, 1);
});

Deno.test("an answer with an error makes the message failed, and its deliveries are not promised", async () => {
  const { host, publisher, sent } = bench("rate: 10, qos: 1", "", 'protocol: "5.0"\n');
  publisher.due(0, 1_000, 1_000, true);
  await sent();
  assert.equal(publisher.answered(PUBACK, 1, 0x97, 1_001), true);
  assert.equal(host.counts().failed, 1);
  assert.equal(host.flows.uncertain[0], 1);
});

Deno.test("a message that comes due while the profile keeps the client offline does not exist", async () => {
  const { host, publisher, sent } = bench("rate: 10");
  publisher.due(0, 1_000, 1_000, false);
  publisher.due(1, 1_200, 1_200, true);
  assert.equal(published(await sent()).length, 1);
  assert.equal(host.counts().planned, 1);
});

Deno.test("without a connection messages wait, and what is left at the end is unsent or unanswered", async () => {
  const { host, writer, publisher, sent } = bench("rate: 10, qos: 1");
  publisher.due(0, 1_000, 1_000, true);
  await sent();
  writer.accepting = false;
  publisher.due(1, 1_200, 1_200, true);
  publisher.due(2, 1_400, 1_400, true);
  publisher.finish();
  const counts = host.counts();
  assert.deepEqual([counts.planned, counts.sent, counts.unsent, counts.unanswered], [3, 1, 2, 1]);
  assert.equal(host.flows.uncertain[0], 1);
});

Deno.test("a clean session fails what was in flight, a kept one sends it again with DUP", async () => {
  const clean = bench("rate: 10, qos: 1");
  clean.publisher.due(0, 1_000, 1_000, true);
  clean.publisher.disconnected();
  assert.deepEqual([clean.host.counts().failed, clean.publisher.inFlight], [1, 0]);
  const kept = bench("rate: 10, qos: 2", ", session: kept");
  kept.publisher.due(0, 1_000, 1_000, true);
  kept.publisher.due(1, 1_200, 1_200, true);
  kept.publisher.answered(PUBREC, 1, 0, 1_300);
  await kept.sent();
  kept.publisher.disconnected();
  kept.publisher.connected(true, []);
  const again = await kept.sent();
  assert.deepEqual(again.map(({ type }) => type), ["PUBREL", "PUBLISH"]);
  const [packet] = published(again);
  assert.deepEqual([packet?.dup, packet?.packetId, markOf(packet).sequence], [true, 2, 1]);
  assert.equal(kept.host.counts().resent, 1);
  kept.publisher.disconnected();
  kept.publisher.connected(false, []);
  assert.equal(kept.host.counts().failed, 2, "the broker has no session");
});

Deno.test("the broker's receive maximum limits the window", async () => {
  const { publisher, sent } = bench("rate: 10, qos: 1, in-flight: 5", "", 'protocol: "5.0"\n');
  publisher.connected(false, [{ name: "receiveMaximum", value: 2 }]);
  for (let number = 0; number < 5; number++) publisher.due(number, 1_000, 1_000, true);
  assert.equal(published(await sent()).length, 2);
});

Deno.test("a topic alias replaces the topic after its first message, and once more on a new connection", async () => {
  const { publisher, sent } = bench("rate: 10, topics: 2, topic-alias: true", "", 'protocol: "5.0"\n');
  const topics = async () => published(await sent()).map(({ topic }) => topic);
  const properties = [{ name: "topicAliasMaximum", value: 10 }];
  publisher.connected(false, properties);
  for (let number = 0; number < 4; number++) publisher.due(number, 1_000, 1_000, true);
  assert.deepEqual(await topics(), ["t/0/0", "t/0/1", "", ""]);
  publisher.disconnected();
  publisher.connected(false, properties);
  publisher.due(4, 1_000, 1_000, true);
  assert.deepEqual(await topics(), ["t/0/0"]);
});

Deno.test("a closed loop fills the window while it runs, and sends as many messages as the profile says", async () => {
  const { host, publisher, sent } = bench(
    "qos: 1, in-flight: 3, messages: 5",
    "",
    "executor: closed-loop\n",
  );
  publisher.pump(1_000);
  assert.equal(published(await sent()).length, 0);
  host.running = true;
  publisher.pump(1_000);
  assert.equal(published(await sent()).length, 3);
  for (const id of [1, 2, 3]) publisher.answered(PUBACK, id, 0, 1_001);
  assert.equal(published(await sent()).length, 2);
  assert.equal(host.counts().planned, 5);
});

Deno.test("respond() publishes the payload of a request on the topic of the requester", () => {
  const host = TestHost.for(`groups:
  - { group: ask, role: request, clients: 3, subscribe: [{ filter: r/$client }], publish: { topic: q, rate: 1 } }
  - { group: serve, role: respond, clients: 1, subscribe: [{ filter: q }], publish: { topic: r/$client, qos: 1, in-flight: 1 } }`);
  const plan = host.group(1);
  assert.ok(plan.publish);
  const owner = { writing: () => {}, written: () => {}, writeFailed: () => {} };
  const writer = new ConnectionWriter(host, owner, false);
  const transport = new TestTransport();
  writer.attach(transport);
  writer.accepting = true;
  const publisher = new LoadPublisher(host, new LoadGroup(host, plan), plan.publish, 0, writer);
  publisher.respond(2, Uint8Array.of(1, 2));
  publisher.respond(1, Uint8Array.of(3));
  host.flush();
  const packets = published(transport.packets());
  assert.deepEqual(packets.map(({ topic, payload }) => [topic, ...payload]), [["r/2", 1, 2]]);
  const counts = host.counts();
  assert.deepEqual([counts.planned, counts.sent, counts.unsent], [2, 1, 1], "the window has room for one");
});

Deno.test("texts and sizes by weight carry marks, and a message that is sent again is identical", async () => {
  for (const payload of ['{ text: "n $sequence $random" }', "{ sizes: [{ size: 16 }, { size: 3000 }] }"]) {
    const { publisher, sent } = bench(`rate: 10, qos: 1, payload: ${payload}`, ", session: kept");
    for (let number = 0; number < 8; number++) publisher.due(number, 1_000, 1_000, true);
    const first = published(await sent());
    assert.deepEqual(first.map((packet) => markOf(packet).sequence), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.ok(new Set(first.map((packet) => packet.payload.toHex())).size === 8);
    publisher.disconnected();
    publisher.connected(true, []);
    const again = published(await sent());
    assert.deepEqual(again.map((packet) => packet.payload), first.map((packet) => packet.payload));
  }
});
