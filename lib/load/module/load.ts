import { pause } from "../../ground/wait.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import { reach, type ReachOptions } from "../../target/reach.ts";
import type { ModuleTarget } from "../../target/target.ts";
import { targetStarted } from "../../target/target_started.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { MetricRecorder } from "../engine/metric_recorder.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { followStages } from "../executor/follow_stages.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import type { DirectionPlan, ModulePlan } from "../profile/profile.ts";
import { runLoad, type RunningLoad, type RunOptions } from "../run/running_load.ts";
import { limitsOf } from "../run/machine.ts";
import type { SecondKeeper } from "../run/second_keeper.ts";
import { DrivenModule } from "./driven_module.ts";

/** A load that drives a module. */
export interface ModuleLoadOptions extends RunOptions {
  readonly target: TargetFile;
  readonly dialect: ReachOptions["dialect"];
  readonly operations: (name: string) => Operations;
  /** `$run` of the topics. */
  readonly run: string;
}

/** How often the module is checked while it is connected and at the end, in milliseconds. */
const ASK_MS = 50;
/** The least share of a rate at which the next moment is computed, so that a ramp from 0 advances. */
const LEAST_SHARE = 0.01;

/**
 * Drives a module according to a profile, as both its host and its broker. Records events with `emit`, and returns the exit
 * status.
 */
export async function moduleLoad(options: ModuleLoadOptions): Promise<number> {
  const { profile, signal, target: file } = options;
  return await runLoad(options, () => {}, async (run) => {
    const target = run.resources.use(await reach(file, { dialect: options.dialect, signal }));
    if (target.kind !== "module" || !profile.module) return `The target "${file.name}" is not a module`;
    run.targetStarted(targetStarted(target));
    return await new ModuleRun(options, profile.module, target, run).go();
  });
}

/** One load on a module, from its first command to its last. */
class ModuleRun {
  readonly #options: ModuleLoadOptions;
  readonly #plan: ModulePlan;
  readonly #target: ModuleTarget;
  readonly #run: RunningLoad;
  readonly #recorder = new MetricRecorder();

  constructor(options: ModuleLoadOptions, plan: ModulePlan, target: ModuleTarget, run: RunningLoad) {
    this.#options = options;
    this.#plan = plan;
    this.#target = target;
    this.#run = run;
  }

  /** Runs the load; returns why it failed, or undefined. */
  async go(): Promise<string | undefined> {
    const { profile, operations, run: runName, signal } = this.#options;
    const { now, emit } = this.#run;
    // The module's waits end when the load ends, for whatever reason.
    const over = new AbortController();
    const end = AbortSignal.any([signal, over.signal]);
    const layout = profile.executor.layOut(this.#fullRate(), 1);
    const endMs = layout.segments.at(-1)?.endMs ?? 0;
    const module = await DrivenModule.open({
      target: this.#target,
      operations: operations(this.#target.dialect.name),
      plan: this.#plan,
      run: runName,
      recorder: this.#recorder,
      lateAfterMs: profile.lateAfterMs,
      now,
      fault: (fault) => emit({ kind: "load-fault", t: now(), ...fault }),
      signal: end,
    });
    try {
      const { cpu, kernel } = this.#run.machine;
      this.#run.started({
        pauseMs: 0,
        workers: 1,
        clients: 1,
        brokers: [this.#target.address],
        layout,
        limits: limitsOf({ cpu, kernel }),
      });
      const take = () => Promise.resolve([{ delta: this.#recorder.take(), connected: module.ready ? 1 : 0 }]);
      const seconds = this.#run.seconds(take, []);
      const trouble = await module.begin();
      if (trouble !== undefined) return `The module does not respond: ${trouble}`;
      if (!await module.connect(false)) return "The module could not be connected; its journal says why";
      await seconds.cut({ phase: "connect", stage: -1 });
      const startMs = now();
      for (const flow of [module.up, module.down]) flow.measuredFromMs = startMs + profile.warmUpMs;
      const work = [
        this.#publish(module, layout.segments, startMs),
        this.#deliver(module, layout.segments, startMs),
        this.#keepConnected(module, startMs + endMs),
      ];
      const followed = { warmUpMs: profile.warmUpMs, seconds, now, signal };
      await followStages(profile.stages, startMs, followed, () => module.gone);
      await this.#drain(module, seconds);
      await Promise.race([module.end(), pause(profile.drainMs, end)]);
      over.abort();
      await Promise.all(work);
      this.#finish(module, seconds);
      return module.gone ? "The serial line is gone" : undefined;
    } finally {
      over.abort();
      await module[Symbol.asyncDispose]();
    }
  }

  #fullRate(): number {
    return (this.#plan.publish?.rate ?? 0) + (this.#plan.deliver?.rate ?? 0);
  }

  /**
   * Publishes one message at a time. Messages that come due meanwhile wait, and are timed from their scheduled time.
   */
  async #publish(module: DrivenModule, segments: readonly RateSegment[], startMs: number): Promise<void> {
    const { publish } = this.#plan;
    if (!publish) return;
    let busyUntilMs = 0;
    for (const { dueMs, qos } of moments(publish, segments)) {
      await this.#until(startMs + dueMs);
      if (this.#options.signal.aborted || module.gone) return;
      await module.publish(startMs + dueMs, qos, busyUntilMs <= startMs + dueMs);
      busyUntilMs = this.#run.now();
    }
  }

  async #deliver(module: DrivenModule, segments: readonly RateSegment[], startMs: number): Promise<void> {
    const { deliver } = this.#plan;
    if (!deliver) return;
    for (const { dueMs, qos } of moments(deliver, segments)) {
      await this.#until(startMs + dueMs);
      if (this.#options.signal.aborted || module.gone) return;
      module.deliver(startMs + dueMs, qos);
    }
  }

  /** Waits until a moment. A timer may fire up to a millisecond early; a message must not be early. */
  async #until(atMs: number): Promise<void> {
    const { signal } = this.#options;
    const { now } = this.#run;
    while (!signal.aborted && now() < atMs) await pause(Math.ceil(atMs - now()), signal);
  }

  /** Reconnects a module that has lost its connection. */
  async #keepConnected(module: DrivenModule, untilMs: number): Promise<void> {
    const { signal } = this.#options;
    const { now } = this.#run;
    let again = true;
    while (!signal.aborted && !module.gone && now() < untilMs) {
      if (module.ready) {
        again = true;
        await pause(Math.min(ASK_MS, untilMs - now()), signal);
      } else again = await module.connect(again);
    }
  }

  async #drain(module: DrivenModule, seconds: SecondKeeper): Promise<void> {
    const { signal, profile } = this.#options;
    const untilMs = this.#run.now() + profile.drainMs;
    while (!signal.aborted && !module.gone && this.#run.now() < untilMs) {
      if (module.up.left + module.down.left === 0) return;
      await pause(ASK_MS, signal);
    }
    await seconds.cut({ phase: "drain", stage: -1 });
  }

  #finish(module: DrivenModule, seconds: SecondKeeper): void {
    module.up.end();
    module.down.end();
    const last = new MetricSums();
    last.add(this.#recorder.take());
    seconds.end(last);
    this.#run.ended(seconds.total);
  }
}

/** The scheduled times of messages, in milliseconds since the stages began, each with its QoS. */
function* moments(
  flow: DirectionPlan,
  segments: readonly RateSegment[],
): Generator<{ dueMs: number; qos: 0 | 1 | 2 }> {
  let dueMs = 0;
  let count = 0;
  for (const { startMs, endMs, fromRate, toRate } of segments) {
    dueMs = Math.max(dueMs, startMs);
    while (dueMs < endMs) {
      const share = fromRate + (toRate - fromRate) * (dueMs - startMs) / Math.max(1, endMs - startMs);
      if (flow.rate * share > 0) yield { dueMs, qos: flow.qos[count++ % flow.qos.length] ?? 0 };
      dueMs += 1000 / (flow.rate * Math.max(LEAST_SHARE, share));
      if (!Number.isFinite(dueMs)) return;
    }
  }
}
