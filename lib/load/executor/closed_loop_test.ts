import assert from "node:assert/strict";
import { profileOf } from "../plan/test_plan.ts";
import { TestLoad } from "./test_load.ts";

function executor(name: string) {
  return profileOf(
    `profile: test
title: Test
executor: ${name}
groups: [{ group: p, role: publish, clients: 1, publish: { topic: t, rate: 1 } }]
stages: [{ hold: 2s }]
warm-up: 500ms
`,
  ).executor;
}

Deno.test("a closed loop runs from the beginning of the load to the end of its stages", async () => {
  const { loop, knownRate, drive } = executor("closed-loop");
  assert.deepEqual([loop, knownRate], ["closed", false]);
  const load = new TestLoad({ warmUpMs: 500 });
  await drive(load);
  assert.deepEqual(load.calls, ["begin 500", "run true", "run false"]);
  assert.equal(load.positions.length, 3);
});

Deno.test("an open loop leaves its workers to their schedules", async () => {
  const { loop, knownRate, drive } = executor("arrival-rate");
  assert.deepEqual([loop, knownRate], ["open", true]);
  const load = new TestLoad({ warmUpMs: 500 });
  await drive(load);
  assert.deepEqual(load.calls, ["begin 500"]);
  assert.equal(load.positions.length, 3);
});
