import assert from "node:assert/strict";
import { Outbox } from "./outbox.ts";

/** An outbox with a stopped clock. */
function box(): { readonly outbox: Outbox; readonly written: number[] } {
  const written: number[] = [];
  return { outbox: new Outbox((bytes) => written.push(bytes[0] ?? 0), () => 1000), written };
}

Deno.test("a packet without a delay overtakes delayed packets", () => {
  const { outbox, written } = box();
  outbox.send(Uint8Array.of(1), 200, false);
  outbox.send(Uint8Array.of(2), 0, false);
  outbox.send(Uint8Array.of(3), 100, false);
  outbox.send(Uint8Array.of(4), 200, false);
  assert.deepEqual(written, [2]);
  outbox.flush();
  assert.deepEqual(written, [2, 3, 1, 4]);
});

Deno.test("nothing overtakes a packet that leads", () => {
  const { outbox, written } = box();
  outbox.send(Uint8Array.of(1), 200, true);
  outbox.send(Uint8Array.of(2), 0, false);
  outbox.send(Uint8Array.of(3), 300, false);
  assert.deepEqual(written, []);
  outbox.flush();
  outbox.send(Uint8Array.of(4), 0, false);
  assert.deepEqual(written, [1, 2, 3, 4]);
});

Deno.test("a delayed packet is written at its time", async () => {
  const written: number[] = [];
  const done = Promise.withResolvers<void>();
  const outbox = new Outbox((bytes) => {
    written.push(bytes[0] ?? 0);
    if (written.length === 2) done.resolve();
  });
  outbox.send(Uint8Array.of(1), 20, false);
  outbox.send(Uint8Array.of(2), 10, false);
  await done.promise;
  assert.deepEqual(written, [2, 1]);
});
