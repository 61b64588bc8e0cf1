import assert from "node:assert/strict";
import { serve } from "./serve.ts";
import { TestClient } from "./test_client.ts";

Deno.test("serve() prints its addresses and defects, and ends with its signal", async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const listening = Promise.withResolvers<number>();
  const served = serve({
    host: "127.0.0.1",
    port: 0,
    defects: ["pingresp-doubled"],
    quirks: ["acks-late"],
    signal: controller.signal,
    print: (line) => {
      lines.push(line);
      const port = /^The reference broker listens at mqtt:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
      if (port) listening.resolve(Number(port));
    },
  });
  await using client = await TestClient.connect(await listening.promise, "a");
  await client.send({ type: "PINGREQ" });
  assert.equal(await client.leave(), "PINGRESP, PINGRESP");
  controller.abort();
  await served;
  assert.deepEqual(lines.slice(1), ["Its defects: pingresp-doubled", "Its quirks: acks-late"]);
});

Deno.test("serve() rejects an unknown defect or quirk", async () => {
  const { signal } = new AbortController();
  const options = { host: "127.0.0.1", port: 0, defects: [], signal, print: () => {} };
  await assert.rejects(serve({ ...options, defects: ["pingresp"] }), { name: "UnknownDefectError" });
  await assert.rejects(serve({ ...options, quirks: ["pingresp"] }), { name: "UnknownQuirkError" });
});
