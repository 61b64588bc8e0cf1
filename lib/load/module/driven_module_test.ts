import assert from "node:assert/strict";
import type { QoS } from "../../mqtt/packet.ts";
import type { LoadFault } from "../../run/load_event.ts";
import type { Counts } from "../../run/metrics.ts";
import { ecmtCommands } from "../../suite/test_suite.ts";
import { reach } from "../../target/reach.ts";
import type { ModulePort } from "../../target/target.ts";
import { MetricRecorder } from "../engine/metric_recorder.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import type { ModulePlan } from "../profile/profile.ts";
import { DrivenModule, type DrivenModuleOptions } from "./driven_module.ts";

const ECMT = await ecmtCommands();
const FLOW = { rate: 1, qos: [0] as const, size: 40 };
const LEVELS: readonly QoS[] = [0, 1, 2];

/** A virtual module under load, on the machine's clock. */
class Bench implements AsyncDisposable {
  readonly faults: Omit<LoadFault, "kind" | "t">[] = [];
  readonly module: DrivenModule;
  readonly port: ModulePort;
  readonly #stop: AbortController;
  readonly #recorder: MetricRecorder;
  readonly #sums = new MetricSums();
  readonly #owned: AsyncDisposableStack;

  private constructor(
    module: DrivenModule,
    port: ModulePort,
    stop: AbortController,
    recorder: MetricRecorder,
    owned: AsyncDisposableStack,
  ) {
    this.module = module;
    this.port = port;
    this.#stop = stop;
    this.#recorder = recorder;
    this.#owned = owned;
  }

  static async start(
    plan: ModulePlan,
    { defects = [], operations = ECMT.operations }: Partial<Pick<DrivenModuleOptions, "operations">> & {
      readonly defects?: readonly string[];
    } = {},
  ): Promise<Bench> {
    const stop = new AbortController();
    const recorder = new MetricRecorder();
    await using owned = new AsyncDisposableStack();
    const target = owned.use(
      await reach({
        name: "virtual-module",
        title: "the virtual module",
        tests: "module",
        start: { kind: "virtual-module", defects, behaviour: {} },
        protocols: ["ECMT", "3.1.1"],
        supports: [],
        values: new Map(),
      }, { dialect: () => ECMT.dialect, signal: stop.signal }),
    );
    assert.ok(target.kind === "module");
    const port = await target.openPort(stop.signal);
    const module = owned.use(
      await DrivenModule.open({
        target: { ...target, openPort: () => Promise.resolve(port) },
        operations,
        plan,
        run: "run1",
        recorder,
        lateAfterMs: 60_000,
        now: () => performance.now(),
        fault: (fault) => void bench.faults.push(fault),
        signal: stop.signal,
      }),
    );
    const bench = new Bench(module, port, stop, recorder, owned.move());
    return bench;
  }

  /** A module that is connected. */
  static async connected(plan: ModulePlan, defects: readonly string[] = []): Promise<Bench> {
    const bench = await Bench.start(plan, { defects });
    assert.equal(await bench.module.connect(false), true);
    return bench;
  }

  /** What was counted since the start. */
  get counts(): Counts {
    this.#sums.add(this.#recorder.take());
    return this.#sums.counts;
  }

  get reasons(): readonly string[] {
    this.#sums.add(this.#recorder.take());
    return Object.keys(this.#sums.reasons);
  }

  /** Resolves once `done` returns true. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  stop(): void {
    this.#stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#owned[Symbol.asyncDispose]();
  }
}

Deno.test("messages of every QoS pass both ways, each counted where it is sent, answered and arrives", async () => {
  await using bench = await Bench.start({ publish: FLOW, deliver: FLOW });
  const { module } = bench;
  assert.equal(await module.begin(), undefined);
  assert.equal(module.ready, false);
  assert.equal(await module.connect(false), true);
  assert.equal(module.ready, true);
  for (const qos of LEVELS) await module.publish(performance.now(), qos, true);
  for (const qos of LEVELS) module.deliver(performance.now(), qos);
  await bench.until(() => module.up.left + module.down.left === 0);
  await module.end();
  assert.equal(module.ready, false);
  assert.deepEqual(bench.counts, {
    planned: 6,
    sent: 6,
    due: 6,
    received: 6,
    unconfirmed: 2,
    acknowledged: 4,
    "connect.attempted": 1,
    "connect.succeeded": 1,
    subscribed: 1,
  });
  assert.deepEqual(bench.faults, []);
});

Deno.test("a module that is delivered nothing is not subscribed, and what it can't send is counted", async () => {
  await using bench = await Bench.connected({ publish: FLOW });
  const { module } = bench;
  await module.end();
  await module.publish(performance.now(), 1, true);
  module.deliver(performance.now(), 1);
  assert.deepEqual(bench.counts, {
    planned: 2,
    unsent: 2,
    "connect.attempted": 1,
    "connect.succeeded": 1,
  });
});

Deno.test("a message that arrived damaged is a fault, with the conversation before it", async () => {
  await using bench = await Bench.connected({ deliver: { ...FLOW, size: 600 } }, ["recv-cut-at-500"]);
  bench.module.deliver(performance.now(), 0);
  await bench.until(() => bench.counts.corrupted === 1);
  const [fault, ...more] = bench.faults;
  assert.deepEqual(more, []);
  assert.equal(fault?.fault, "corrupted");
  assert.equal(fault.text, "A message that came to the host is corrupted");
  assert.match(fault.chart.at(-2) ?? "", /^broker -> PUBLISH q0$/);
  assert.match(fault.chart.at(-1) ?? "", /^host <- \+ECMTRECV: /);
  // The recorded bytes are cut; their number is not.
  assert.equal(fault.size, 500);
  assert.equal(fault.hex.length, 512);
});

Deno.test("a lost connection is counted with its reason, and nothing is sent on it", async () => {
  await using bench = await Bench.connected({ publish: FLOW, deliver: FLOW });
  const { module, port } = bench;
  await port.powerCycle?.();
  await bench.until(() => !module.ready);
  module.deliver(performance.now(), 2);
  assert.equal(bench.counts.disconnected, 1);
  assert.equal(bench.counts.unsent, 1);
  assert.equal(bench.counts.sent, undefined);
  assert.deepEqual(bench.reasons, ["the module's connection was lost"]);
});

Deno.test("a connection that fails is counted with its reason, and the end of the load ends the retry", async () => {
  const operations = new Map([...ECMT.operations].filter(([name]) => name !== "open"));
  await using bench = await Bench.start({ publish: FLOW }, { operations });
  const connecting = bench.module.connect(false);
  await bench.until(() => bench.counts["connect.failed"] === 1);
  bench.stop();
  assert.equal(await connecting, false);
  assert.deepEqual(bench.reasons, ['connect: the dialect has no operation "open"']);
  assert.equal(bench.counts["connect.succeeded"], undefined);
});

Deno.test("a publication that the module refuses is counted as failed", async () => {
  await using bench = await Bench.connected({ publish: { ...FLOW, size: 5_000 } });
  await bench.module.publish(performance.now(), 1, true);
  assert.equal(bench.counts.failed, 1);
  assert.match(bench.reasons.join(), /^publish: /);
});
