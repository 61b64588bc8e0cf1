import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { testPlan } from "../plan/test_plan.ts";
import { Engine } from "./engine.ts";
import type { FaultEvidence } from "./fault_log.ts";
import { MetricSums } from "./metric_sums.ts";

/** An engine on a broker; the test controls its clock and turns. */
class Bench implements AsyncDisposable {
  readonly engine: Engine;
  readonly faults: FaultEvidence[] = [];
  nowMs = 0;
  settled = 0;
  readonly #broker: Broker;

  private constructor(broker: Broker, groups: string) {
    const plan = testPlan(`profile: test\ntitle: Test\n${groups}\n`, {
      brokers: [{ address: { kind: "mqtt", host: "127.0.0.1", port: broker.address.port } }],
    });
    this.#broker = broker;
    const counts = () => new Int32Array(Math.max(1, plan.flows));
    this.engine = new Engine(plan, 0, { sent: counts(), uncertain: counts(), awaited: counts() }, {
      now: () => this.nowMs,
      epochMs: 0,
      fault: (fault) => this.faults.push(fault),
      settled: () => this.settled++,
      certificates: new Map(),
    });
  }

  static async start(groups: string): Promise<Bench> {
    return new Bench(await Broker.start(), groups);
  }

  /** Turns the loop until a condition holds. The clock stands still unless `stepMs` advances it. */
  async until(holds: () => boolean, stepMs = 0): Promise<void> {
    while (!holds()) {
      this.nowMs += stepMs;
      this.engine.tick();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  counts() {
    const sums = new MetricSums();
    sums.add(this.engine.recorder.take());
    return sums.counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.finish();
    await this.#broker.stop();
  }
}

const PAIR = `groups:
  - { group: s, role: subscribe, clients: 1, subscribe: [{ filter: t/$run/+, qos: 1 }] }
  - { group: p, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 1, rate: 10 } }
stages: [{ hold: 1s }]`;

Deno.test("an engine connects its clients, sends messages as they come due, and knows what is pending", async () => {
  await using bench = await Bench.start(PAIR);
  const { engine } = bench;
  engine.connectAll();
  await bench.until(() => bench.settled === 1);
  assert.equal(engine.connections.ready, 3);
  assert.deepEqual([engine.scheduled, engine.nextDueMs], [true, Infinity], "the load has not begun");
  engine.begin(1_000, 0);
  assert.equal(engine.nextDueMs, 1_050);
  bench.nowMs = 1_300;
  engine.tick();
  assert.equal(engine.flows.sent[0], 2);
  assert.equal(engine.flows.sent[1], 1);
  assert.ok(engine.left > 0);
  await bench.until(() => engine.left === 0);
  const counts = bench.counts();
  assert.deepEqual([counts.planned, counts.sent, counts.acknowledged, counts.received], [3, 3, 3, 3]);
  assert.deepEqual(bench.faults, []);
});

Deno.test("finish() counts the messages that came due and were not sent, and leaves no connection", async () => {
  await using bench = await Bench.start(PAIR);
  const { engine } = bench;
  engine.connectAll();
  await bench.until(() => bench.settled === 1);
  engine.begin(1_000, 0);
  bench.nowMs = 1_300;
  await engine.finish();
  const counts = bench.counts();
  assert.deepEqual([counts.planned, counts.sent, counts.unsent], [3, undefined, 3]);
  assert.equal(engine.connections.ready, 0);
});

Deno.test("extend() gives messages to a schedule without any", async () => {
  await using bench = await Bench.start(`executor: search
search: { from: 1, to: 10 }
groups: [{ group: p, role: publish, clients: 1, publish: { topic: t, rate: 10 } }]`);
  const { engine } = bench;
  engine.begin(0, Infinity);
  assert.equal(engine.nextDueMs, Infinity);
  const clients = { fromClients: 1, toClients: 1 };
  engine.extend([{ startMs: 100, endMs: 1_100, fromRate: 0.5, toRate: 0.5, ...clients }], 100);
  assert.equal(engine.nextDueMs, 200);
  assert.equal(engine.measuredFromMs, 100);
});

Deno.test("clients come and go at the times of the profile", async () => {
  await using bench = await Bench.start(`groups:
  - { group: late, role: idle, clients: 2, online: [{ from: 100ms, until: 5s }] }
stages: [{ hold: 10s }]`);
  const { engine } = bench;
  engine.connectAll();
  assert.equal(bench.settled, 1, "no client starts");
  engine.begin(0, 0);
  await bench.until(() => engine.connections.ready === 2, 20);
  bench.nowMs = 6_000;
  await bench.until(() => engine.connections.ready === 0, 20);
  assert.equal(bench.counts().disconnected, undefined, "they left by themselves");
});

Deno.test("random numbers follow from the seed, and differ between workers", () => {
  const plan = testPlan(`profile: test\ntitle: Test\n${PAIR}\n`, { workers: 2 });
  const numbers = (worker: number) => {
    const counts = new Int32Array(plan.flows);
    const host = { now: () => 0, epochMs: 0, fault: () => {}, settled: () => {}, certificates: new Map() };
    const engine = new Engine(plan, worker, { sent: counts, uncertain: counts, awaited: counts }, host);
    return Array.from({ length: 3 }, () => engine.random());
  };
  assert.deepEqual(numbers(0), numbers(0));
  assert.notDeepEqual(numbers(0), numbers(1));
  assert.ok([...numbers(0), ...numbers(1)].every((one) => one >= 0 && one < 1));
});
