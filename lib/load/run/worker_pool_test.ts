import assert from "node:assert/strict";
import { MetricSums } from "../engine/metric_sums.ts";
import { testPlan } from "../plan/test_plan.ts";
import { WorkerPool } from "./worker_pool.ts";

const PLAN = testPlan(
  `profile: idle
title: Idle
groups: [{ group: p, role: publish, clients: 3, publish: { topic: t/$client, rate: 1 } }]
stages: [{ hold: 1s }]
`,
  { workers: 2 },
);

/** Two workers that have a plan and connect nobody. */
function start(plan = PLAN): Promise<WorkerPool> {
  return WorkerPool.start(plan, () => performance.now(), Date.now(), { fault: () => {} });
}

Deno.test("each worker answers what is asked of all, and keeps an answer until somebody waits for it", async () => {
  using pool = await start();
  assert.equal(pool.sent.length, PLAN.flows);
  assert.equal(pool.uncertain.length, PLAN.flows);
  const taken = await pool.ask({ kind: "take" }, "taken");
  assert.deepEqual(taken.map(({ connected }) => connected), [0, 0]);
  assert.deepEqual(await pool.left(), { left: 0, missing: 0 });
  // These answers come before they are asked for.
  pool.tell({ kind: "take" });
  assert.equal((await pool.ask({ kind: "left" }, "left")).length, 2);
  const early = await pool.all("taken");
  assert.equal(early.length, 2);
  // None of them counts twice.
  const again = pool.all("taken");
  pool.tell({ kind: "take" });
  for (const [worker, answer] of (await again).entries()) assert.notEqual(answer, early[worker]);
  const sums = new MetricSums();
  for (const { delta } of await pool.ask({ kind: "finish" }, "finished")) sums.add(delta);
  assert.deepEqual(sums.counts, {});
});

Deno.test("a worker that fails at its start is told to who starts the pool", async () => {
  // No engine can be made of it.
  await assert.rejects(start({ ...PLAN, flows: -1 }), /^Error: A worker of the load failed: /);
});
