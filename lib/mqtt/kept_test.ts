import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeInPlace, Decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import type { Frame } from "./frame.ts";

const VERSION = "5.0" as const;

function publish(size: number, n: number): Uint8Array {
  return encode({
    type: "PUBLISH",
    topic: `t/${n}`,
    payload: new Uint8Array(size).fill(n),
    qos: 1,
    packetId: n + 1,
  }, VERSION)
    .slice();
}

function read(pieces: readonly Uint8Array[], kept: (index: number) => boolean): readonly Frame[] {
  const decoder = new Decoder({ version: VERSION, maximumPacketSize: 1_000_000 });
  const frames: Frame[] = [];
  for (const [index, piece] of pieces.entries()) {
    decoder.push(piece, kept(index));
    for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  }
  return frames;
}

Deno.test("kept bytes are decoded to the same packets as copied ones, however the stream is cut", () => {
  const sizes = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(40_000), { maxLength: 6 }), fc.nat(255), (payloads, cuts, keeps) => {
      const stream = Uint8Array.from(payloads.flatMap((size, n) => [...publish(size, n)]));
      const ends = [...cuts.map((cut) => cut % stream.length), stream.length].sort((a, b) => a - b);
      const pieces = ends.map((end, index) => stream.slice(ends[index - 1] ?? 0, end));
      const before = pieces.map((piece) => piece.slice());
      const kept = read(pieces, (index) => (keeps >> index & 1) === 1);
      assert.deepEqual(kept, read(pieces, () => false));
      assert.equal(kept.length, payloads.length);
      assert.deepEqual(pieces, before, "nothing is written into what the caller keeps");
    }),
    { numRuns: 60 },
  );
});

Deno.test("a packet that lies whole in kept bytes is a view of them", () => {
  const bytes = publish(100_000, 3);
  const [frame] = read([bytes], () => true);
  assert.ok(frame?.kind === "packet" && frame.packet.type === "PUBLISH");
  assert.equal(frame.packet.payload.buffer, bytes.buffer);
});

Deno.test("decodeInPlace() decodes a packet among others, without a copy", () => {
  const [one, two] = [publish(10, 1), publish(200, 2)];
  const bytes = Uint8Array.from([...one, ...two]);
  const frame = decodeInPlace(bytes, one.length, one.length + 3, bytes.length, VERSION);
  assert.ok(frame.kind === "packet" && frame.packet.type === "PUBLISH");
  assert.equal(frame.packet.topic, "t/2");
  assert.equal(frame.packet.payload.buffer, bytes.buffer);
  assert.equal(frame.raw.length, two.length);
});
