import assert from "node:assert/strict";
import { MqttLink } from "./mqtt_link.ts";

/** A link over a plain Deno connection, which supports no reset, and its far end. */
async function pair() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  return { link: new MqttLink(near, { version: "3.1.1" }), far };
}

Deno.test("a link can be closed again and again, and disposing it waits until its reading has ended", async () => {
  const { link, far } = await pair();
  using _ = far;
  link.close();
  link.close();
  await link[Symbol.asyncDispose]();
  assert.deepEqual(link.closed, { kind: "closed", how: "end" });
});

Deno.test("a link without a reset is closed anyway, and reports once that there is none", async () => {
  const { link, far } = await pair();
  using _ = far;
  assert.throws(() => link.reset(), /cannot be reset/);
  link.reset();
  assert.equal(await far.read(new Uint8Array(1)), null);
  await link[Symbol.asyncDispose]();
});

Deno.test("a connection without frames refuses to send one", async () => {
  const { link, far } = await pair();
  using _ = far;
  await using _link = link;
  await assert.rejects(link.sendFrame({ opcode: 2, payload: new Uint8Array() }), /not a WebSocket/);
});
