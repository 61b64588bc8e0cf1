import assert from "node:assert/strict";
import { Backlog } from "./backlog.ts";
import type { Delivery } from "./message.ts";

function delivery(topic: string): Delivery {
  const payload = new Uint8Array(2);
  const message = {
    topic,
    payload,
    qos: 1,
    retain: false,
    dup: false,
    publisher: "a",
    properties: [],
  } as const;
  return { message, qos: 1, retain: false, identifiers: [] };
}

Deno.test("a backlog returns its messages in order, however many pass through", () => {
  const backlog = new Backlog({ messages: 5000, bytes: 100_000 });
  for (let n = 0; n < 5000; n++) backlog.add(delivery(`${n}`));
  for (let n = 0; n < 4000; n++) assert.equal(backlog.take()?.message.topic, `${n}`);
  for (let n = 5000; n < 9000; n++) assert.ok(backlog.add(delivery(`${n}`)));
  assert.equal(backlog.size, 5000);
  for (let n = 4000; n < 9000; n++) assert.equal(backlog.take()?.message.topic, `${n}`);
  assert.equal(backlog.take(), undefined);
});

Deno.test("a backlog accepts no more messages and bytes than its bounds", () => {
  const few = new Backlog({ messages: 1, bytes: 100 });
  assert.deepEqual([few.add(delivery("a")), few.add(delivery("b"))], [true, false]);
  few.take();
  assert.equal(few.add(delivery("c")), true);
  const small = new Backlog({ messages: 100, bytes: 5 });
  assert.deepEqual([small.add(delivery("a")), small.add(delivery("b"))], [true, false]);
});
