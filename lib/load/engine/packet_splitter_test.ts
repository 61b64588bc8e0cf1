import assert from "node:assert/strict";
import { encode } from "../../mqtt/encode.ts";
import { PacketSplitter } from "./packet_splitter.ts";

const PACKETS = [0, 1, 100, 130, 300, 20_000].map((size) =>
  encode({ type: "PUBLISH", topic: "t", payload: new Uint8Array(size).fill(size) }, "3.1.1").slice()
);
const STREAM = new Uint8Array(PACKETS.flatMap((packet) => [...packet]));

/** What PacketSplitter makes of a stream that is read in pieces of at most `piece` bytes. */
function cut(
  stream: Uint8Array,
  piece: number,
): { readonly packets: readonly string[]; readonly broken: readonly string[] } {
  const packets: string[] = [];
  const broken: string[] = [];
  const splitter = new PacketSplitter({
    packet: (bytes, start, body, end) => {
      assert.ok(body > start && body <= end);
      packets.push(bytes.subarray(start, end).toHex());
    },
    broken: (why) => broken.push(why),
  });
  let at = 0;
  while (at < stream.length && broken.length === 0) {
    const { room } = splitter;
    const size = Math.min(piece, room.length, stream.length - at);
    room.set(stream.subarray(at, at + size));
    at += size;
    splitter.take(size, 0);
  }
  return { packets, broken };
}

Deno.test("packets come out whole, whatever pieces they arrive in", () => {
  const whole = PACKETS.map((packet) => packet.toHex());
  for (const piece of [1, 2, 3, 7, 64, 255, 256, 1_000, 100_000]) {
    assert.deepEqual(cut(STREAM, piece).packets, whole, `pieces of ${piece}`);
  }
});

Deno.test("a stream that can't be split is reported once", () => {
  assert.deepEqual(cut(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 1), 10).broken, [
    "a remaining length of more than four bytes",
  ]);
  assert.match(
    cut(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f), 10).broken[0] ?? "",
    /a packet of 268435460 bytes/,
  );
});

Deno.test("a handler that clears the stream during a packet gets no more of it", () => {
  let count = 0;
  const splitter: PacketSplitter = new PacketSplitter({
    packet: () => {
      count++;
      splitter.clear();
    },
    broken: () => assert.fail(),
  });
  const two = Uint8Array.of(0xd0, 0, 0xd0, 0);
  splitter.room.set(two);
  splitter.take(two.length, 0);
  assert.equal(count, 1);
});
