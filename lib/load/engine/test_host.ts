import assert from "node:assert/strict";
import { Decoder } from "../../mqtt/decode.ts";
import { describe } from "../../mqtt/describe.ts";
import type { Packet } from "../../mqtt/packet.ts";
import type { LoadFault } from "../../run/load_event.ts";
import type { Counts } from "../../run/metrics.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Plan } from "../plan/plan.ts";
import { testPlan } from "../plan/test_plan.ts";
import type { ClientHost, Flows, Flushable } from "./client_host.ts";
import { awaitedOf } from "./awaited.ts";
import { Connections } from "./connections.ts";
import { DeliveryTracker } from "./delivery_tracker.ts";
import { FaultLog } from "./fault_log.ts";
import { FlowIndex } from "./flow_index.ts";
import { markPlaces } from "./mark_place.ts";
import { MetricRecorder } from "./metric_recorder.ts";
import { MetricSums } from "./metric_sums.ts";
import { TimerWheel } from "./loop/timer_wheel.ts";

/** A host of clients without an engine; the test moves its clock. */
export class TestHost implements ClientHost {
  readonly plan: Plan;
  readonly epochMs = 0;
  readonly now = (): number => this.nowMs;
  nowMs = 1_000;
  startMs = 1_000;
  measuredFromMs = 0;
  running = false;
  ending = false;
  readonly recorder = new MetricRecorder();
  /** The faults that were kept. */
  readonly kept: Omit<LoadFault, "kind" | "t">[] = [];
  readonly faults: FaultLog;
  readonly flows: Flows;
  readonly connections: Connections;
  readonly certificates = new Map();
  readonly timers = new TimerWheel(1_000);
  readonly #dirty: Flushable[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.faults = new FaultLog(this.recorder, plan.protocol, (fault) => this.kept.push(fault));
    this.flows = {
      sent: new Int32Array(Math.max(1, plan.flows)),
      uncertain: new Int32Array(Math.max(1, plan.flows)),
      awaited: awaitedOf(plan),
      index: new FlowIndex(plan),
      tracker: new DeliveryTracker(),
      shared: new Map(),
      marks: markPlaces(plan.groups),
    };
    this.connections = new Connections(plan.connect.outstanding, this.now, () => {});
  }

  /** Makes a host for a profile, given by its lines after the title. */
  static for(profile: string): TestHost {
    return new TestHost(testPlan(`profile: test\ntitle: Test\nstages: [{ hold: 1s }]\n${profile}`));
  }

  random(): number {
    return 0.5;
  }

  flushSoon(writer: Flushable): void {
    this.#dirty.push(writer);
  }

  nextTurn(): Promise<void> {
    return Promise.resolve();
  }

  turnDue(): Promise<void> | undefined {
    return undefined;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  /** Flushes all writers that have requested it. */
  flush(): void {
    for (const writer of this.#dirty.splice(0)) writer.flush();
  }

  /** Advances the clock, and runs the timers whose time has come. */
  advance(ms: number): void {
    this.nowMs += ms;
    this.timers.turn(this.nowMs);
  }

  /** What was counted since the last call. */
  counts(): Counts {
    return this.taken().counts;
  }

  /** What was counted and timed since the last call. */
  taken(): MetricSums {
    const sums = new MetricSums();
    sums.add(this.recorder.take());
    return sums;
  }

  /** The only group of the plan, or the one with this index. */
  group(index = 0): Plan["groups"][number] {
    const group = this.plan.groups[index];
    assert.ok(group);
    return group;
  }
}

/** A connection whose other end is the test: it keeps what is written, and the test ends the writes. */
export class TestTransport implements Transport {
  /** Whether writes end at once. */
  fast = true;
  closed = false;
  readonly #written: number[] = [];
  readonly #writes: PromiseWithResolvers<number>[] = [];

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#written.push(...bytes);
    if (this.fast) return Promise.resolve(bytes.length);
    const write = Promise.withResolvers<number>();
    this.#writes.push({ ...write, resolve: () => write.resolve(bytes.length) });
    return write.promise;
  }

  close(): void {
    this.closed = true;
  }

  /** Ends the oldest write that is under way. */
  finishWrite(): void {
    this.#writes.shift()?.resolve(0);
  }

  /** Fails the oldest write that is under way. */
  failWrite(error: Error): void {
    this.#writes.shift()?.reject(error);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The packets that were written since the last call. */
  packets(version: Plan["protocol"] = "3.1.1"): readonly Packet[] {
    const decoder = new Decoder({ version, maximumPacketSize: 1_000_000 });
    decoder.push(Uint8Array.from(this.#written.splice(0)));
    const packets: Packet[] = [];
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      assert.equal(frame.kind, "packet");
      if (frame.kind === "packet") packets.push(frame.packet);
    }
    return packets;
  }

  /** The same packets, as text. */
  described(version: Plan["protocol"] = "3.1.1"): readonly string[] {
    return this.packets(version).map((packet) => describe(packet));
  }
}

/** Resolves after the continuations of all promises that are resolved now. */
export function continuations(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
