import assert from "node:assert/strict";
import { MetricSums } from "../engine/metric_sums.ts";
import { testPlan } from "../plan/test_plan.ts";
import { SilentWorkersError, WorkerPool } from "./worker_pool.ts";
import { WorkerThreads } from "./worker_threads.ts";

const PLAN = testPlan(
  `profile: idle
title: Idle
groups: [{ group: p, role: publish, clients: 3, publish: { topic: t/$client, rate: 1 } }]
stages: [{ hold: 1s }]
`,
  { workers: 2 },
);

/** Two workers that have a plan and no clients to connect. */
function start(plan = PLAN, signal = new AbortController().signal, answerMs?: number): Promise<WorkerPool> {
  const threads = new WorkerThreads(plan.workers);
  const now = () => performance.now();
  return WorkerPool.start(plan, threads, now, Date.now(), { fault: () => {} }, signal, answerMs);
}

Deno.test("each worker answers a request to all, and its answer is kept until a caller waits for it", async () => {
  using pool = await start();
  assert.equal(pool.sent.length, PLAN.flows);
  assert.equal(pool.uncertain.length, PLAN.flows);
  const taken = await pool.ask({ kind: "take" }, "taken");
  assert.deepEqual(taken.map(({ connected }) => connected), [0, 0]);
  assert.deepEqual(await pool.left(), { left: 0, missing: 0 });
  // These answers arrive before they are awaited.
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

Deno.test("a worker that fails at its start is reported to the starter of the pool", async () => {
  // This plan can't be made into an engine.
  await assert.rejects(start({ ...PLAN, flows: -1 }), /^Error: A worker of the load failed: /);
});

/** A message that no worker answers by `finished`. */
const UNANSWERED = { kind: "run", running: false } as const;

Deno.test("a request that a worker does not answer in time fails with the numbers of the silent workers", async () => {
  using pool = await start(PLAN, undefined, 1);
  await assert.rejects(
    pool.ask(UNANSWERED, "finished"),
    /^SilentWorkersError: Workers 1, 2 of 2 did not answer in time, so their last counts may be missing/,
  );
});

Deno.test("an interruption ends a request that would have been awaited much longer", async () => {
  const interrupt = new AbortController();
  using pool = await start(PLAN, interrupt.signal, 3_600_000);
  const asked = pool.ask(UNANSWERED, "finished");
  interrupt.abort();
  await assert.rejects(asked, SilentWorkersError);
});

Deno.test("a worker that can't read the certificate of a client names the client and the file", async () => {
  const plan = testPlan(`profile: files
title: Files
groups: [{ group: g, role: idle, clients: 1, certificate: { file: no/$client.pem, key: no/$client.key } }]
stages: [{ hold: 1s }]
`);
  await assert.rejects(
    start(plan),
    /^Error: The certificate or key "no\/0\.(pem|key)" of client 0 of the group "g" can't be read: /,
  );
});
