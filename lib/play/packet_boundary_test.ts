import assert from "node:assert/strict";
import { PacketBoundary } from "./packet_boundary.ts";

/** Marks the bytes, pushed one by one, after which a packet is incomplete. */
function within(hex: string): string {
  const boundary = new PacketBoundary();
  return [...Uint8Array.fromHex(hex)].map((byte) => {
    boundary.push(Uint8Array.of(byte));
    return boundary.within ? "-" : "|";
  }).join("");
}

Deno.test("a packet is whole with the last byte of its length", () => {
  assert.equal(within("d000"), "-|");
  assert.equal(within("300800016168656c6c6f"), "---------|");
  assert.equal(within("d000200200009000"), "-|---|-|");
  const long = new PacketBoundary();
  long.push(Uint8Array.of(0x30, 0x80, 0x01, ...new Uint8Array(127)));
  assert.equal(long.within, true);
  long.push(Uint8Array.of(0));
  assert.equal(long.within, false);
});

Deno.test("a length of five bytes is invalid, and complete packets start over", () => {
  assert.equal(within("3080808080"), "----|");
  const boundary = new PacketBoundary();
  boundary.push(Uint8Array.of(0x30));
  boundary.restart();
  assert.equal(boundary.within, false);
});
