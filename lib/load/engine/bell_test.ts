import assert from "node:assert/strict";
import { Bell } from "./bell.ts";

Deno.test("ring() resolves each time, and lets what has come on another connection be read", async () => {
  using bell = await Bell.hang();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using near = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using far = await listener.accept();
  const bytes = new Uint8Array(16);
  for (let round = 0; round < 100; round++) {
    const reading = far.read(bytes);
    await near.write(new Uint8Array([round]));
    await bell.ring();
    assert.equal(await reading, 1);
    assert.equal(bytes[0], round);
  }
});
