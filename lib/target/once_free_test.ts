import assert from "node:assert/strict";
import { Broker } from "../broker/broker.ts";
import { onceFree } from "./once_free.ts";

const { signal } = new AbortController();

Deno.test("a port that somebody has is waited for, until he lets it go", async () => {
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  let tries = 0;
  const start = () => {
    if (++tries === 3) other.close();
    return Broker.start({ port });
  };
  await using broker = await onceFree(start, 60_000, signal);
  assert.equal(broker.address.port, port);
  // Between the close and the next attempt the system may briefly give the port to someone else.
  assert.ok(tries >= 3, `${tries} tries`);
});

Deno.test("a port that stays in use is reported after the timeout, and any other fault at once", async () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assert.rejects(
    onceFree(() => Broker.start({ port: other.addr.port }), 1, signal),
    Deno.errors.AddrInUse,
  );
  await assert.rejects(
    onceFree(() => Promise.reject(new Error("broken")), 60_000, signal),
    /^Error: broken$/,
  );
});
