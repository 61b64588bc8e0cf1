import assert from "node:assert/strict";
import { SelfPipe } from "./self_pipe.ts";

Deno.test("poll() resolves each time, and delivers what has arrived on another connection", async () => {
  using pipe = await SelfPipe.open();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using near = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using far = await listener.accept();
  const bytes = new Uint8Array(16);
  for (let round = 0; round < 100; round++) {
    const reading = far.read(bytes);
    await near.write(new Uint8Array([round]));
    await pipe.poll();
    assert.equal(await reading, 1);
    assert.equal(bytes[0], round);
  }
});
