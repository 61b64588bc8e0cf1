import { equal, ok } from "node:assert/strict";
import { freePort, isFree } from "./free_port.ts";

Deno.test("a free port is outside the system's own range, and can be listened on", () => {
  const port = freePort();
  ok(port >= 20_000 && port < 32_000, String(port));
  using _listener = Deno.listen({ hostname: "127.0.0.1", port });
});

Deno.test("a port on which somebody listens is not free", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  equal(isFree(listener.addr.port), false);
  listener.close();
  equal(isFree(listener.addr.port), true);
});
