import assert from "node:assert/strict";
import { concat, containsBytes, sameBytes } from "./bytes.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("concat() puts parts together in their order, empty ones too", () => {
  assert.deepEqual(concat([bytes(1), bytes(), bytes(2, 3)]), bytes(1, 2, 3));
  assert.deepEqual(concat([]), bytes());
});

Deno.test("sameBytes() compares arrays by length and content", () => {
  assert.ok(sameBytes(bytes(1, 2), bytes(1, 2)));
  assert.ok(!sameBytes(bytes(1, 2), bytes(1, 3)));
  assert.ok(!sameBytes(bytes(1, 2), bytes(1, 2, 3)));
});

Deno.test("containsBytes() finds a part at the start, at the end, and after a false start", () => {
  assert.ok(containsBytes(bytes(1, 2, 3), bytes(1, 2)));
  assert.ok(containsBytes(bytes(1, 1, 2), bytes(1, 2)));
  assert.ok(containsBytes(bytes(1), bytes()));
  assert.ok(!containsBytes(bytes(1, 2), bytes(2, 3)));
  assert.ok(!containsBytes(bytes(), bytes(0)));
});
