import assert from "node:assert/strict";
import { testPlan } from "../../plan/test_plan.ts";
import { Engine } from "../engine.ts";
import { LoopDriver } from "./loop_driver.ts";
import { MetricSums } from "../metric_sums.ts";

/** An engine without a broker, on the system's clock. */
function engineFor(mode: string, group: string): Engine {
  const plan = testPlan(
    `profile: test\ntitle: Test\nmode: ${mode}\ngroups: [{ group: g, ${group} }]\nstages: [{ hold: 1s }]\n`,
  );
  const counts = new Int32Array(Math.max(1, plan.flows));
  return new Engine(plan, 0, { sent: counts, uncertain: counts, awaited: counts }, {
    now: () => performance.now(),
    epochMs: 0,
    fault: () => {},
    settled: () => {},
    certificates: new Map(),
  });
}

/** Waits for some turns of the loop. */
async function turns(engine: Engine, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await engine.nextTurn();
}

for (
  const [what, mode, group] of [
    ["with a schedule", "latency", "role: publish, clients: 1, publish: { topic: t, rate: 100 }"],
    ["without a schedule", "latency", "role: idle, clients: 1"],
    ["at a fixed pace", "throughput", "role: idle, clients: 1"],
  ] as const
) {
  Deno.test(`a loop ${what} turns until it is stopped, and records how late its turns come`, async () => {
    const engine = engineFor(mode, group);
    const driver = new LoopDriver(engine);
    driver.start();
    engine.begin(performance.now(), 0);
    driver.reschedule();
    await turns(engine, 5);
    driver.stop();
    const sums = new MetricSums();
    sums.add(engine.recorder.take());
    assert.ok((sums.histograms.get("loop-lag")?.total ?? 0) >= 4);
    // A paced loop ends after its current turn.
    if (mode === "throughput") await engine.nextTurn();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

Deno.test("stopSending() ends the turns of the schedule, and the loop goes on", async () => {
  const engine = engineFor("latency", "role: publish, clients: 1, publish: { topic: t, rate: 1000 }");
  const driver = new LoopDriver(engine);
  driver.start();
  engine.begin(performance.now(), 0);
  driver.reschedule();
  await turns(engine, 3);
  driver.stopSending();
  driver.reschedule();
  await turns(engine, 3);
  driver.stop();
});
