import assert from "node:assert/strict";
import { DelayedTransport } from "./delayed.ts";
import { DelayLine } from "./delay_line.ts";
import { type Transport, writeAll } from "./transport.ts";

/** A delayed end and the plain one, over a TCP connection. */
async function pair(delayMs: number): Promise<[near: DelayedTransport, far: Deno.TcpConn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [inner, far] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  return [new DelayedTransport(inner, delayMs), far];
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** All that comes up to the end of the stream. */
async function all(from: Pick<Transport, "read">): Promise<string> {
  const buffer = new Uint8Array(7);
  let text = "";
  for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
    text += new TextDecoder().decode(buffer.subarray(0, size));
  }
  return text;
}

Deno.test("a delayed transport keeps the order of bytes both ways, and a close comes behind them", async () => {
  const [near, far] = await pair(20);
  await writeAll(near, bytes("one "));
  await writeAll(near, bytes("two"));
  near.close();
  assert.equal(await all(far), "one two");
  far.close();
  await near.ended;
});

Deno.test("the far end's close comes behind what it sent", async () => {
  const [near, far] = await pair(20);
  await writeAll(far, bytes("a longer text than one read takes"));
  far.close();
  assert.equal(await all(near), "a longer text than one read takes");
  near.close();
  await near.ended;
});

Deno.test("more than fits into the network waits at its sender", async () => {
  const [near, far] = await pair(10);
  const size = 600 * 1024;
  assert.equal(await near.write(new Uint8Array(size)), 256 * 1024);
  const rest = writeAll(near, new Uint8Array(size - 256 * 1024));
  const reading = all(far);
  await rest;
  near.close();
  assert.equal((await reading).length, size);
  far.close();
  await near.ended;
});

Deno.test("cut() ends a read, refuses a write, and loses what is on its way", async () => {
  const [near, far] = await pair(10_000);
  await writeAll(near, bytes("lost"));
  const reading = near.read(new Uint8Array(1));
  near.cut();
  assert.equal(await reading, null);
  await assert.rejects(near.write(bytes("x")), Deno.errors.BadResource);
  assert.equal(await all(far), "");
  far.close();
  await near.ended;
});

Deno.test("a close is carried out although the far end is gone", async () => {
  const [near, far] = await pair(5);
  far.close();
  for (let sent = 0; sent < 10; sent++) {
    try {
      await writeAll(near, new Uint8Array(100_000));
    } catch {
      break;
    }
  }
  near.close();
  await near.ended;
});

Deno.test("a delay line that is stopped gives nothing more and ends all waits", async () => {
  const line = new DelayLine<string>(10_000, 1);
  line.push("late", 1);
  const next = line.next();
  const room = line.room();
  line.stop();
  assert.equal(await next, undefined);
  await room;
  line.push("later", 1);
  assert.equal(line.free, 1);
});
