import assert from "node:assert/strict";
import { encode } from "../mqtt/encode.ts";
import type { Draft, ProtocolVersion } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";
import { type Arrival, MqttLink, type MqttLinkOptions } from "./mqtt_link.ts";

/** A link over a loopback connection, and its far end. */
async function pair(options: Partial<MqttLinkOptions> = {}) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  near.setNoDelay(true);
  far.setNoDelay(true);
  return { link: new MqttLink(near, { version: "3.1.1", ...options }), far };
}

function packets(drafts: readonly Draft[], version: ProtocolVersion = "3.1.1"): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(drafts.flatMap((draft) => [...encode(draft, version)]));
}

async function writeWhole(to: Transport, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function typeOf(arrival: Arrival | undefined): string {
  if (!arrival) return "nothing";
  return arrival.kind === "packet" ? arrival.packet.type : arrival.kind;
}

Deno.test("packets are taken in their order, however they were cut", async () => {
  const { link, far } = await pair();
  await using _ = link;
  using _far = far;
  const bytes = packets([{ type: "PINGRESP" }, { type: "PUBLISH", topic: "a", payload: "x" }, {
    type: "PUBACK",
    packetId: 7,
  }]);
  for (const byte of bytes) await far.write(Uint8Array.of(byte));
  const taken = [];
  for (let count = 0; count < 3; count++) taken.push(typeOf(await link.receive(5_000)));
  assert.deepEqual(taken, ["PINGRESP", "PUBLISH", "PUBACK"]);
});

Deno.test("a wait ends at its deadline, at a signal, and at once where the signal was given before", async () => {
  const { link, far } = await pair();
  await using _ = link;
  using _far = far;
  assert.equal(await link.receive(5), undefined);
  const stop = new AbortController();
  const waiting = link.receive(60_000, stop.signal);
  stop.abort();
  assert.equal(await waiting, undefined);
  assert.equal(await link.receive(60_000, stop.signal), undefined);
});

Deno.test("the close stays, after what came before it", async () => {
  const { link, far } = await pair();
  await using _ = link;
  await writeWhole(far, packets([{ type: "PINGRESP" }]));
  far.close();
  const taken = [];
  for (let count = 0; count < 4; count++) taken.push(typeOf(await link.receive(5_000)));
  assert.deepEqual(taken, ["PINGRESP", "closed", "closed", "closed"]);
  assert.deepEqual(link.closed, { kind: "closed", how: "end" });
  assert.equal(typeOf(link.peek()), "closed");
});

Deno.test("a close of its own ends a wait and is an end, not a reset", async () => {
  const { link, far } = await pair();
  using _far = far;
  const waiting = link.receive(60_000);
  link.close();
  link.close();
  assert.deepEqual(await waiting, { kind: "closed", how: "end" });
  await link[Symbol.asyncDispose]();
});

Deno.test("a transport that fails is a reset", async () => {
  const broken: Transport = {
    read: () => Promise.reject(new Error("pulled out")),
    write: () => Promise.reject(new Error("pulled out")),
    close() {},
    [Symbol.dispose]() {},
  };
  await using link = new MqttLink(broken, { version: "3.1.1" });
  assert.deepEqual(await link.receive(5_000), { kind: "closed", how: "reset" });
  await assert.rejects(link.send({ type: "PINGREQ" }), /pulled out/);
});

Deno.test("a full inbox stops the reading until something is taken", async () => {
  let reads = 0;
  const pending = Promise.withResolvers<null>();
  const endless: Transport = {
    read(into) {
      if (++reads > 1_000) return pending.promise;
      into.set([0xd0, 0x00]);
      return Promise.resolve(2);
    },
    write: (bytes) => Promise.resolve(bytes.length),
    close: () => pending.resolve(null),
    [Symbol.dispose]() {},
  };
  await using link = new MqttLink(endless, { version: "3.1.1", inboxLimit: 10 });
  // A turn of the event loop, in which an unbounded reader would continue to read.
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(link.waiting, 10);
  assert.equal(reads, 10);
  for (let count = 0; count < 25; count++) assert.equal(typeOf(await link.receive(5_000)), "PINGRESP");
  assert.ok(reads >= 25 && reads <= 36, String(reads));
});

Deno.test("a link with a full inbox can be closed", async () => {
  const { link, far } = await pair({ inboxLimit: 1 });
  using _far = far;
  await writeWhole(far, packets([{ type: "PINGRESP" }, { type: "PINGRESP" }]));
  assert.equal(typeOf(await link.receive(5_000)), "PINGRESP");
  await link[Symbol.asyncDispose]();
});

Deno.test("what onArrival takes stays out of the inbox", async () => {
  const seen: string[] = [];
  const { link, far } = await pair({
    onArrival: (arrival) => {
      seen.push(typeOf(arrival));
      return typeOf(arrival) === "PINGRESP";
    },
  });
  await using _ = link;
  await writeWhole(
    far,
    packets([{ type: "PINGRESP" }, { type: "PUBACK", packetId: 1 }, { type: "PINGRESP" }]),
  );
  assert.equal(typeOf(await link.receive(5_000)), "PUBACK");
  far.close();
  assert.equal(typeOf(await link.receive(5_000)), "closed");
  assert.deepEqual(seen, ["PINGRESP", "PUBACK", "PINGRESP", "closed"]);
});

Deno.test("a CONNECT that arrives decides on the version, in both directions", async () => {
  const { link, far } = await pair();
  await using _ = link;
  using _far = far;
  const connect: Draft = {
    type: "CONNECT",
    protocolName: "MQTT",
    protocolLevel: 5,
    cleanStart: true,
    clientId: "c",
  };
  const publish: Draft = {
    type: "PUBLISH",
    topic: "a",
    payload: "x",
    properties: [{ name: "contentType", value: "t" }],
  };
  await writeWhole(far, packets([connect, publish], "5.0"));
  assert.equal(typeOf(await link.receive(5_000)), "CONNECT");
  assert.equal(link.version, "5.0");
  const got = await link.receive(5_000);
  assert.deepEqual(got?.kind === "packet" && got.packet.type === "PUBLISH" && got.packet.properties, [
    { name: "contentType", value: "t" },
  ]);
  const sent = await link.send({ type: "CONNACK", reason: 0 });
  assert.deepEqual(sent, encode({ type: "CONNACK", reason: 0 }, "5.0"));
  const into = new Uint8Array(16);
  const size = await far.read(into);
  assert.deepEqual(into.subarray(0, size ?? 0), sent);
});

Deno.test("a packet larger than the limit breaks the stream", async () => {
  const { link, far } = await pair({ maximumPacketSize: 100 });
  await using _ = link;
  using _far = far;
  await writeWhole(far, packets([{ type: "PUBLISH", topic: "a", payload: "x".repeat(200) }]));
  assert.equal(typeOf(await link.receive(5_000)), "broken");
});

Deno.test("a wrong packet arrives with what is wrong with it", async () => {
  const { link, far } = await pair();
  await using _ = link;
  using _far = far;
  await writeWhole(far, Uint8Array.of(0xd1, 0x00));
  const arrival = await link.receive(5_000);
  assert.ok(arrival?.kind === "packet" || arrival?.kind === "malformed");
  assert.equal(arrival.violations[0]?.offset, 0);
});
