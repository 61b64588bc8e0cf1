import assert from "node:assert/strict";
import { describe } from "../mqtt/describe.ts";
import { encode } from "../mqtt/encode.ts";
import type { Draft } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";
import { RIGHT } from "./right.ts";
import { PacketStream, type Segments } from "./stream.ts";

const PING = encode({ type: "PINGREQ" }, "3.1.1");
const bytesOf = (...drafts: readonly Draft[]) =>
  Uint8Array.from(drafts.flatMap((draft) => [...encode(draft, "3.1.1")]));

/** A connection with the test as its far end: it returns prepared segments, and records written ones. */
class TestConn implements Transport {
  readonly written: string[] = [];
  readonly ends: string[] = [];
  /** While set, writes wait for it. */
  held: PromiseWithResolvers<void> | undefined;
  reading: PromiseWithResolvers<Uint8Array | null | Error> | undefined;
  readonly #coming: (Uint8Array | null | Error)[] = [];

  /** Delivers a segment, the end of the stream, or its failure. */
  come(segment: Uint8Array | null | Error): void {
    const { reading } = this;
    this.reading = undefined;
    if (reading) reading.resolve(segment);
    else this.#coming.push(segment);
  }

  async read(into: Uint8Array): Promise<number | null> {
    let segment = this.#coming.shift();
    if (segment === undefined) {
      this.reading = Promise.withResolvers();
      segment = await this.reading.promise;
    }
    if (segment instanceof Error) throw segment;
    if (segment === null) return null;
    const size = Math.min(into.length, segment.length);
    into.set(segment.subarray(0, size));
    if (size < segment.length) this.#coming.unshift(segment.subarray(size));
    return size;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.held?.promise;
    this.written.push(bytes.toHex());
    return bytes.length;
  }

  closeWrite(): Promise<void> {
    this.ends.push("closeWrite");
    return Promise.resolve();
  }

  reset(): void {
    this.ends.push("reset");
    this.come(null);
  }

  close(): void {
    this.ends.push("close");
    this.come(null);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Makes a stream that records its events; `done` resolves at its end. */
function streamOf(segments: Partial<Segments> = {}, answer?: (stream: PacketStream) => void) {
  const conn = new TestConn();
  const told: string[] = [];
  const stream: PacketStream = new PacketStream(conn, 100, { ...RIGHT, ...segments }, {
    frame: (frame) => {
      told.push(frame.kind === "packet" ? describe(frame.packet) : frame.kind);
      answer?.(stream);
    },
    ended: (broken) => told.push(broken ? "broken" : "ended"),
    unfinished: (rest) => told.push(`unfinished ${rest.toHex()}`),
    drained: () => told.push("drained"),
  });
  return { conn, told, stream, done: stream.run() };
}

Deno.test("packets are read however segments split them, and the end is reported", async () => {
  const { conn, told, done } = streamOf();
  const bytes = bytesOf({ type: "PINGREQ" }, { type: "PUBLISH", topic: "t" }, { type: "DISCONNECT" });
  for (const [start, end] of [[0, 3], [3, 4], [4, bytes.length]]) conn.come(bytes.subarray(start, end));
  conn.come(null);
  await done;
  assert.deepEqual(told, ["PINGREQ", 'PUBLISH q0 "t" ""', "DISCONNECT", "ended"]);
  assert.deepEqual(conn.ends, ["close"]);
});

Deno.test("a stream that ends within a packet reports the incomplete packet, and one that fails is broken", async () => {
  const { conn, told, done } = streamOf();
  conn.come(Uint8Array.of(...PING, 0x30, 0x05, 0x00));
  conn.come(new Error("reset by peer"));
  await done;
  assert.deepEqual(told, ["PINGREQ", "unfinished 300500", "broken"]);
});

Deno.test("a defect reads one packet of a segment, or none that spans two segments", async () => {
  const two = Uint8Array.of(...PING, ...PING);
  const one = streamOf({ packetsPerSegment: 1 });
  one.conn.come(two);
  one.conn.come(null);
  await one.done;
  assert.deepEqual(one.told, ["PINGREQ", "ended"]);
  const cut = streamOf({ joinsSegments: false });
  cut.conn.come(PING.subarray(0, 1));
  cut.conn.come(two);
  cut.conn.come(null);
  await cut.done;
  assert.deepEqual(cut.told, ["PINGREQ", "PINGREQ", "ended"]);
});

Deno.test("all answers to one packet are written in one piece", async () => {
  const { conn, done } = streamOf({}, (stream) => {
    stream.write(Uint8Array.of(1, 2));
    stream.write(Uint8Array.of(3));
  });
  conn.come(PING);
  conn.come(null);
  await done;
  assert.deepEqual(conn.written, ["010203"]);
});

Deno.test("the broker does not read from a client that does not read its answers", async () => {
  const { conn, told, stream, done } = streamOf({ congestedBytes: 3 }, (stream) => {
    stream.write(new Uint8Array(4));
  });
  conn.held = Promise.withResolvers();
  conn.come(PING);
  conn.come(PING);
  conn.come(null);
  while (!stream.congested) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(told, ["PINGREQ"]);
  conn.held.resolve();
  conn.held = undefined;
  await done;
  assert.deepEqual(told.filter((one) => one !== "drained"), ["PINGREQ", "PINGREQ", "ended"]);
  assert.equal(told[1], "drained");
});

Deno.test("finish() writes the last answer, waits for the client to close, and reads no more packets", async () => {
  const { conn, told, stream, done } = streamOf({}, (stream) => {
    stream.write(Uint8Array.of(9));
    stream.finish("protocol-error");
    stream.write(Uint8Array.of(8));
  });
  conn.come(PING);
  while (conn.ends.length === 0) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([conn.written, conn.ends], [["09"], ["closeWrite"]]);
  conn.come(PING);
  conn.come(null);
  await done;
  assert.deepEqual(told, ["PINGREQ", "ended"]);
  assert.deepEqual(conn.ends, ["closeWrite", "close"]);
  stream.close();
  assert.equal(conn.ends.length, 2);
});

Deno.test("a broker that stops does not wait for clients", async () => {
  const { conn, stream, done } = streamOf();
  stream.finish("stop");
  // A timer would not fire before the next turn.
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(conn.ends, ["closeWrite", "close"]);
  await done;
});

Deno.test("a broker with resets uses them only if it ends the connection itself", async () => {
  const own = streamOf({ resets: true });
  own.stream.finish("keep-alive");
  await own.done;
  assert.deepEqual(own.conn.ends, ["reset"]);
  const client = streamOf({ resets: true });
  client.stream.finish("disconnect");
  client.conn.come(null);
  await client.done;
  assert.deepEqual(client.conn.ends, ["closeWrite", "close"]);
});

Deno.test("a quirk writes in pieces", async () => {
  const { conn, done } = streamOf(
    { pieces: (bytes) => Array.from(bytes, (one) => Uint8Array.of(one)) },
    (one) => {
      one.write(Uint8Array.of(1, 2, 3));
    },
  );
  conn.come(PING);
  while (conn.written.length < 3) await new Promise((resolve) => setTimeout(resolve));
  conn.come(null);
  await done;
  assert.deepEqual(conn.written, ["01", "02", "03"]);
});
