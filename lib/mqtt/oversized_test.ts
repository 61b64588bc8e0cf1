import assert from "node:assert/strict";
import { concat } from "../ground/bytes.ts";
import { Decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import type { Frame } from "./frame.ts";

const KEPT = 10_000;

function decoder(kept = KEPT): Decoder {
  return new Decoder({ version: "3.1.1", maximumPacketSize: 300_000_000, keptPacketSize: () => kept });
}

/** Feeds bytes to a decoder in pieces of one size. Returns its frames and the most memory that it held. */
function fed(
  on: Decoder,
  bytes: Uint8Array,
  piece: number,
): { readonly frames: Frame[]; readonly most: number } {
  const frames: Frame[] = [];
  let most = 0;
  for (let at = 0; at < bytes.length; at += piece) {
    on.push(bytes.subarray(at, at + piece));
    for (let frame = on.next(); frame; frame = on.next()) frames.push(frame);
    most = Math.max(most, on.capacity);
  }
  return { frames, most };
}

const large = encode(
  { type: "PUBLISH", topic: "a/b", qos: 1, packetId: 7, payload: "x".repeat(500_000) },
  "3.1.1",
);
const behind = encode({ type: "PUBLISH", topic: "c", payload: "behind" }, "3.1.1");

for (const piece of [1_000, 4_096, 16_384, 1_000_000]) {
  Deno.test(`a packet that is not kept is reported by its header, and the next one is complete, in pieces of ${piece}`, () => {
    const { frames, most } = fed(decoder(), concat([behind, large, behind, large]), piece);
    assert.deepEqual(frames.map(({ kind }) => kind), ["packet", "oversized", "packet", "oversized"]);
    const [, first, second] = frames;
    assert.ok(first?.kind === "oversized" && second?.kind === "packet");
    assert.equal(first.type, "PUBLISH");
    assert.equal(first.size, large.length);
    assert.deepEqual(first.raw, large.subarray(0, first.raw.length));
    const { topic, qos, packetId } = first.begin ?? {};
    assert.deepEqual({ topic, qos, packetId }, { topic: "a/b", qos: 1, packetId: 7 });
    assert.deepEqual(first.violations, []);
    assert.deepEqual(second.raw, behind);
    if (piece < 100_000) assert.ok(most < 64_000, `${most} bytes for a packet that is not kept`);
  });
}

Deno.test("a packet up to the bound is kept whole", () => {
  const [frame] = fed(decoder(large.length), large, 1_000).frames;
  assert.ok(frame?.kind === "packet");
  assert.deepEqual(frame.raw, large);
});

Deno.test("a packet of the largest length is reported as soon as its first bytes have arrived", () => {
  const on = decoder();
  on.push(concat([Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61), new Uint8Array(4_096)]));
  const frame = on.next();
  assert.ok(frame?.kind === "oversized");
  assert.equal(frame.size, 268_435_460);
  assert.equal(frame.begin?.topic, "a");
  assert.equal(on.next(), undefined);
});

Deno.test("of a packet whose topic does not end in its first bytes nothing is read, and nothing is broken", () => {
  const topic = "t".repeat(20_000);
  const [frame] = fed(decoder(), encode({ type: "PUBLISH", topic, payload: "x" }, "3.1.1"), 5_000).frames;
  assert.ok(frame?.kind === "oversized");
  assert.equal(frame.begin, undefined);
  assert.deepEqual(frame.violations, []);
});
