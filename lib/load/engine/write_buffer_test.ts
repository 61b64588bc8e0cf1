import assert from "node:assert/strict";
import { WriteBuffer } from "./write_buffer.ts";

function add(buffer: WriteBuffer, ...bytes: number[]): void {
  const at = buffer.reserve(bytes.length);
  buffer.bytes.set(bytes, at);
}

Deno.test("take() returns what was added, and later bytes go into another buffer", () => {
  const buffer = new WriteBuffer();
  add(buffer, 1, 2);
  add(buffer, 3);
  assert.equal(buffer.length, 3);
  const taken = buffer.take();
  add(buffer, 9);
  assert.deepEqual([...taken.subarray(0, 3)], [1, 2, 3]);
  assert.deepEqual([buffer.bytes[0], buffer.length], [9, 1]);
});

Deno.test("a buffer that was given back is used again", () => {
  const buffer = new WriteBuffer();
  add(buffer, 1);
  const first = buffer.take();
  buffer.keep(first);
  add(buffer, 2);
  buffer.take();
  assert.equal(buffer.bytes, first, "the buffer of the next turn");
});

Deno.test("bytes survive the growth of the buffer, and the buffer closes at its limit", () => {
  const buffer = new WriteBuffer();
  for (let value = 0; buffer.open; value = (value + 1) % 256) add(buffer, value, value);
  assert.ok(buffer.length >= 64 * 1024);
  for (let at = 0; at < buffer.length; at += 2) {
    if (buffer.bytes[at] !== (at / 2) % 256) assert.fail(`byte ${at}`);
  }
  buffer.clear();
  assert.deepEqual([buffer.length, buffer.open], [0, true]);
});
