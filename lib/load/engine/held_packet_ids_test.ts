import assert from "node:assert/strict";
import { HeldPacketIds } from "./held_packet_ids.ts";

Deno.test("a packet id is held until its last answer is written", () => {
  const held = new HeldPacketIds();
  assert.equal(held.has(65_535), false);
  held.hold(65_535);
  held.hold(8);
  held.answer(8);
  assert.deepEqual([held.has(8), held.has(65_535), held.count], [true, true, 2]);
  held.written();
  assert.deepEqual([held.has(8), held.has(65_535), held.count], [false, true, 1]);
});

Deno.test("answers that were not written before a disconnect release nothing", () => {
  const held = new HeldPacketIds();
  held.hold(1);
  held.answer(1);
  held.disconnected();
  held.written();
  assert.equal(held.has(1), true);
  held.clear();
  assert.deepEqual([held.has(1), held.count], [false, 0]);
});
