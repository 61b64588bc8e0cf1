import assert from "node:assert/strict";
import { ResettableTcp } from "./resettable_tcp.ts";

async function pair(hostname: string) {
  using listener = Deno.listen({ hostname, port: 0 });
  const [near, far] = await Promise.all([
    Deno.connect({ hostname, port: listener.addr.port }),
    listener.accept(),
  ]);
  return { near, far };
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `reset() sends the far end a reset, close() an end, on ${hostname}`,
    ignore: Deno.build.os !== "linux" || !await pair(hostname).then(ended, () => false),
    async fn() {
      const one = await pair(hostname);
      new ResettableTcp(one.near).reset();
      await assert.rejects(one.far.read(new Uint8Array(1)), Deno.errors.ConnectionReset);
      one.far.close();

      const two = await pair(hostname);
      using wrapped = new ResettableTcp(two.near);
      wrapped.close();
      assert.equal(await two.far.read(new Uint8Array(1)), null);
      two.far.close();
    },
  });
}

function ended({ near, far }: { near: Deno.TcpConn; far: Deno.TcpConn }): boolean {
  near.close();
  far.close();
  return true;
}
