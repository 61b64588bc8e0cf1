import assert from "node:assert/strict";
import * as hdr from "hdr-histogram-js";
import { Histogram, LARGEST_US } from "./histogram.ts";
import { highestOf, slotOf, SLOTS } from "./histogram_slots.ts";

const VALUES = [0, 1, 2, 999, 1000, 2047, 2048, 2049, 4095, 4096, 65_535, 1_000_000, 60_000_000, LARGEST_US];

Deno.test("a histogram has HdrHistogram's own slots and percentiles", () => {
  const peer = new hdr.Float64Histogram(1, LARGEST_US, 3);
  const own = new Histogram();
  for (const value of VALUES) {
    peer.recordValue(value);
    own.record(value);
  }
  for (const percent of [0, 1, 25, 50, 75, 90, 99, 99.9, 100]) {
    assert.equal(own.percentile(percent), peer.getValueAtPercentile(percent), `p${percent}`);
  }
  assert.equal(own.total, peer.totalCount);
  assert.equal(own.max, peer.maxValue);
});

Deno.test("each slot has the values up to its highest, and they differ by less than a thousandth", () => {
  let before = -1;
  for (let slot = 0; slot < SLOTS; slot++) {
    const highest = highestOf(slot);
    assert.equal(slotOf(highest), slot);
    assert.equal(slotOf(before + 1), slot);
    assert.ok(highest - before <= Math.max(1, highest / 1000));
    before = highest;
  }
});

Deno.test("the encoded form comes back the same, and other HDR tools read it", () => {
  const own = new Histogram();
  VALUES.forEach((value, index) => own.record(value, index * 1000 + 1));
  const text = own.encode();
  const read = Histogram.decode(text);
  assert.deepEqual([...read.counts], [...own.counts]);
  assert.equal(read.total, own.total);
  const peer = hdr.decodeFromCompressedBase64(text, 64);
  assert.equal(peer.totalCount, own.total);
  assert.equal(peer.getValueAtPercentile(99), own.percentile(99));
});

Deno.test("an empty histogram can be written and read", () => {
  assert.equal(Histogram.decode(new Histogram().encode()).total, 0);
  assert.equal(new Histogram().percentile(99), 0);
});

Deno.test("two histograms add up to the one of all their values", () => {
  const all = new Histogram();
  const parts = [new Histogram(), new Histogram()];
  for (let value = 0; value < 5_000; value++) {
    all.record(value * 37);
    parts[value % 2]?.record(value * 37);
  }
  const sum = new Histogram();
  for (const part of parts) sum.add(part);
  assert.equal(sum.encode(), all.encode());
});

Deno.test("a text that is not a histogram is refused", () => {
  for (const text of ["", "abc", "HISTFAAA"]) assert.throws(() => Histogram.decode(text), RangeError);
});
