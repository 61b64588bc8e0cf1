import assert from "node:assert/strict";
import { FloodBound } from "./flood_bound.ts";

const MEBIBYTE = 1024 * 1024;

/** Counts the packets of a size that are accepted before the limit. */
function taken(bound: FloodBound, bytes = 4): number {
  let count = 1;
  while (!bound.take(bytes, MEBIBYTE) && count < 100_000) count++;
  return count;
}

Deno.test("FloodBound lets a broker give back what it was sent and acknowledge it, and no more without end", () => {
  assert.equal(taken(new FloodBound()), 1_001);
  const bound = new FloodBound();
  bound.sent(5_000);
  assert.equal(taken(bound), 11_001);
});

Deno.test("FloodBound bounds the bytes of large packets, of all clients together", () => {
  const bound = new FloodBound();
  bound.sent(1_000);
  assert.equal(taken(bound, MEBIBYTE), 48 + 3 + 1);
});

Deno.test("FloodBound counts no more what a client held that is gone", () => {
  const bound = new FloodBound();
  bound.release(taken(bound), 4 * 1_001);
  assert.equal(taken(bound), 1_001);
});

Deno.test("FloodBound takes less of a broker that has flooded a dozen clients", () => {
  const bound = new FloodBound();
  bound.sent(5_000);
  for (let clients = 0; clients < 12; clients++) {
    const count = taken(bound);
    bound.release(count, 4 * count);
  }
  assert.equal(taken(bound), 301);
});
