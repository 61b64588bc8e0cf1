import assert from "node:assert/strict";
import { recordedHooks } from "./recorded_hooks.ts";

Deno.test("recordedHooks() names what is read with its subject, and changes no result", () => {
  const points: string[] = [];
  const hooks = { limit: 5, send: (type: string, times: number) => type.repeat(times) };
  const recorded = recordedHooks(
    hooks,
    (point) => points.push(point),
    (given) => given === "b" ? "" : String(given),
  );
  assert.equal(recorded.limit, 5);
  assert.equal(recorded.send("a", 2), "aa");
  assert.equal(recorded.send("b", 1), "b");
  assert.deepEqual(points, ["limit", "send a", "send"]);
});
