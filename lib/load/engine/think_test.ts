import assert from "node:assert/strict";
import { TestHost } from "./test_host.ts";
import { think } from "./think.ts";

Deno.test("an answer waits for its think time, and counts as pending meanwhile", () => {
  const host = TestHost.for("groups: [{ group: g, role: idle, clients: 1 }]");
  const answered: number[] = [];
  const responder = { thinking: 0, respond: (flow: number) => void answered.push(flow) };
  think(responder, undefined, host, 1, new Uint8Array(0));
  assert.deepEqual(answered, [1]);
  think(responder, { kind: "fixed", ms: 50 }, host, 2, new Uint8Array(0));
  assert.equal(responder.thinking, 1);
  host.advance(45);
  assert.deepEqual(answered, [1]);
  host.advance(10);
  assert.deepEqual(answered, [1, 2]);
  assert.equal(responder.thinking, 0);
});
