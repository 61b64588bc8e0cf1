import assert from "node:assert/strict";
import { encode } from "../mqtt/encode.ts";
import type { Transport } from "../transport/transport.ts";
import { KeptBytes } from "./kept_bytes.ts";
import { MqttLink } from "./mqtt_link.ts";

/** A connection on which the same packet is always available: each read returns at once. */
class Flood implements Transport {
  reads = 0;
  readonly #packet: Uint8Array;
  #closed = false;

  constructor(packet: Uint8Array) {
    this.#packet = packet;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#closed) return Promise.resolve(null);
    this.reads++;
    const size = Math.min(into.length, this.#packet.length);
    into.set(this.#packet.subarray(0, size));
    return Promise.resolve(size);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(bytes.length);
  }

  close(): void {
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const MESSAGE = encode({ type: "PUBLISH", topic: "flood", payload: "x".repeat(10_000) }, "3.1.1");

Deno.test("a link whose packets are all taken at once leaves timers their turn", async () => {
  const flood = new Flood(MESSAGE);
  await using _ = new MqttLink(flood, { version: "3.1.1", onArrival: () => true });
  // Without its turns the link would read forever, and this timer would never fire.
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(flood.reads > 0);
});

Deno.test("a link stops reading if too many bytes wait, and continues as they are taken", async () => {
  const flood = new Flood(MESSAGE);
  await using link = new MqttLink(flood, { version: "3.1.1" });
  const most = new KeptBytes().waiting / MESSAGE.length;
  for (let reads = -1; reads < flood.reads;) {
    reads = flood.reads;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(link.waiting > most / 2 && link.waiting <= most + 1, `${link.waiting} wait`);
  const before = flood.reads;
  // One more than the waiting ones, which has to be read first.
  const { waiting } = link;
  for (let taken = 0; taken <= waiting; taken++) assert.equal((await link.receive(5_000))?.kind, "packet");
  assert.ok(flood.reads > before);
});

Deno.test("as much waits as may come back of what was sent", async () => {
  const kept = new KeptBytes();
  const before = kept.waiting;
  kept.sent(5_000_000);
  assert.ok(kept.waiting >= before + 5_000_000);
  assert.ok(kept.ofPacket > 5_000_000);
  const flood = new Flood(MESSAGE);
  await using link = new MqttLink(flood, { version: "3.1.1", kept });
  for (let reads = -1; reads < flood.reads;) {
    reads = flood.reads;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(link.waiting * MESSAGE.length > 5_000_000, `${link.waiting} wait`);
});
