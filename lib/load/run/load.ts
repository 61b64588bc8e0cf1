import { pause } from "../../ground/wait.ts";
import { addCounts } from "../../run/metrics.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { targetStarted } from "../../target/target_started.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { sharedDue } from "../engine/shared_due.ts";
import type { Layout } from "../executor/executor.ts";
import type { BrokerStop, Profile } from "../profile/profile.ts";
import { fullRate, type Plan, planOf } from "../plan/plan.ts";
import { largestPayload } from "../profile/unmet.ts";
import { claimedBroker } from "./claimed_broker.ts";
import { type LoadBroker, loadBroker, placeText } from "./load_broker.ts";
import { runLoad, type RunningLoad, type RunOptions } from "./running_load.ts";
import { EarlyEnd } from "./early_end.ts";
import { limitsOf, type Machine } from "./machine.ts";
import { shortages, unusableAddresses } from "./preflight.ts";
import type { SecondKeeper, SecondSeen } from "./second_keeper.ts";
import { readSys, sysDifference, type SysReading, UPDATE_MS } from "./sys_counters.ts";
import { SilentWorkersError, WorkerPool } from "./worker_pool.ts";
import { WorkerThreads } from "./worker_threads.ts";

/** A load on brokers. */
export interface BrokerLoadOptions extends RunOptions {
  /** The brokers; clients are spread over them in turn. */
  readonly targets: readonly TargetFile[];
  readonly workers: number;
  /** Which share of the clients this process plays, counted from 1. */
  readonly shard?: { readonly index: number; readonly of: number } | undefined;
  /** When the stages begin, in milliseconds since 1970; by default once all clients are connected. */
  readonly startAt?: number | undefined;
  /** One thread for each worker, already started; the load ends them. By default it starts its own. */
  readonly threads?: WorkerThreads | undefined;
  /** Addresses of this machine to connect from. */
  readonly from: readonly string[];
}

/** Thrown if the machine lacks what the profile needs; the message says how to change that. */
export class ShortageError extends Error {
  override readonly name = "ShortageError";
}

/** How long before its first message a load is announced to the workers, in milliseconds. */
const AHEAD_MS = 100;
/** How often the end of the drain is checked, in milliseconds. */
const ASK_MS = 50;
/** How long to wait for clients that are not connected, beyond their own limit, in milliseconds. */
const PATIENCE_MS = 2_000;
/** The least number of clients that connect per second if the profile sets no rate. */
const LEAST_CONNECT_RATE = 1_000;

/**
 * Runs a profile on brokers, records what happens by `emit`, and returns the exit status. Throws {@link ShortageError}
 * before anything is run if the machine lacks what the profile needs.
 */
export async function load(options: BrokerLoadOptions): Promise<number> {
  const { profile, signal } = options;
  if (profile.module) throw new RangeError(`The profile "${profile.name}" drives a module, and no broker`);
  using given = options.threads;
  return await runLoad(options, (machine) => checkMachine(options, machine), async (run) => {
    const threads = run.resources.use(given ?? new WorkerThreads(options.workers));
    const brokers: LoadBroker[] = [];
    const ownLogins = profile.groups.length > 0 &&
      profile.groups.every(({ userName }) => userName !== undefined);
    for (const file of options.targets) {
      const broker = run.resources.use(await loadBroker(file, signal, { ownLogins }));
      brokers.push(broker);
    }
    for (const [index, broker] of brokers.entries()) {
      const file = options.targets[index];
      if (!file) continue;
      const target = await claimedBroker(broker, file, largestPayload(profile), signal);
      run.targetStarted(targetStarted(target));
      if (file.asks && !target.protocols.includes(profile.protocol)) {
        return `The target "${target.name}" does not speak MQTT ${profile.protocol}, and the profile "${profile.name}" needs it`;
      }
    }
    const lacking = certificatesLack(profile, brokers);
    if (lacking !== undefined) return lacking;
    const plan = planFor(options, brokers.map(({ place }) => place));
    return await new BrokerRun(options, plan, brokers, run).go(threads);
  });
}

/** Why the clients can't have their own certificates, in a sentence; undefined if they can, or need none. */
function certificatesLack({ name, groups }: Profile, brokers: readonly LoadBroker[]): string | undefined {
  const kinds = new Set(groups.flatMap(({ certificate }) => certificate ? [certificate.kind] : []));
  if (kinds.size === 0) return undefined;
  for (const { name: target, place } of brokers) {
    if (place.address.kind !== "mqtts" && place.address.kind !== "wss") {
      return `The profile "${name}" gives its clients certificates, and the target "${target}" is reached without TLS; ` +
        "use a target with mqtts:// or wss://";
    }
    if (kinds.has("issued") && !place.issuer) {
      return `The profile "${name}" issues certificates, and the target "${target}" names no authority for them; ` +
        "give tls: { issuer, issuerKey } in its target file";
    }
  }
}

/** Says in a sentence that the profile refers to more targets than there are. */
function tooFewTargets({ profile, targets }: BrokerLoadOptions): readonly string[] {
  const named = [
    ...profile.groups.flatMap(({ broker }) => broker ?? []),
    ...profile.stops.map(({ broker }) => broker),
  ];
  const most = Math.max(0, ...named);
  if (most <= targets.length) return [];
  const one = targets.length === 1 ? "1 target" : `${targets.length} targets`;
  return [
    `The profile "${profile.name}" needs ${most} targets, and there is ${one}; repeat --target for each broker`,
  ];
}

function checkMachine(options: BrokerLoadOptions, machine: Machine): void {
  // Only the number of brokers matters here, so their addresses may still be unknown.
  const unknown = options.targets.map(() => ({ address: { kind: "mqtt" as const, host: "", port: 0 } }));
  const short = [
    ...tooFewTargets(options),
    ...unusableAddresses(options.from),
    ...shortages(planFor(options, unknown), machine),
  ];
  if (short.length > 0) throw new ShortageError(short.join("\n"));
}

function planFor(options: BrokerLoadOptions, brokers: Plan["brokers"]): Plan {
  return planOf(options.profile, {
    run: runName(options.seed),
    seed: options.seed,
    brokers,
    from: options.from,
    shard: options.shard ?? { index: 1, of: 1 },
    workers: options.workers,
  });
}

/** One load on brokers, from the start of its workers to their end. */
class BrokerRun {
  readonly #options: BrokerLoadOptions;
  readonly #plan: Plan;
  readonly #brokers: readonly LoadBroker[];
  readonly #run: RunningLoad;
  readonly #early: EarlyEnd;
  /** Aborts after the executor and the drain. */
  readonly #driven = new AbortController();

  constructor(options: BrokerLoadOptions, plan: Plan, brokers: readonly LoadBroker[], run: RunningLoad) {
    this.#options = options;
    this.#plan = plan;
    this.#brokers = brokers;
    this.#run = run;
    this.#early = new EarlyEnd(options.profile.aborts);
  }

  /** Runs the load; returns why it could not be done, or undefined. */
  async go(threads: WorkerThreads): Promise<string | undefined> {
    const { signal, profile, workers, shard } = this.#options;
    const { now, epochMs, machine, emit } = this.#run;
    const plan = this.#plan;
    // If nothing is published, the broker's own count shows nothing.
    const counted = plan.groups.some(({ publish }) => publish !== undefined);
    const sysBefore = counted ? await Promise.all(plan.brokers.map((broker) => readSys(broker, signal))) : [];
    const layout: Layout = profile.executor.layOut(fullRate(profile), plan.clients);
    this.#run.started({
      pauseMs: plan.pauseMs,
      workers,
      clients: plan.clients,
      brokers: plan.brokers.map(placeText),
      layout,
      shard,
      limits: limitsOf(machine),
    });
    using pool = await WorkerPool.start(plan, threads, now, epochMs, {
      fault: (fault) => emit({ kind: "load-fault", t: now(), ...fault }),
    }, signal);
    const pids = this.#brokers.flatMap(({ pid }) => pid === undefined ? [] : [pid]);
    const check = ({ second: { phase }, total }: SecondSeen) => {
      if (phase !== "connect" && phase !== "drain") this.#early.check(total);
    };
    const seconds = this.#run.seconds(() => pool.ask({ kind: "take" }, "taken"), pids, check);
    let silent = await this.#drive(pool, seconds);
    silent = await this.#finish(pool, seconds, sysBefore) ?? (signal.aborted ? undefined : silent);
    if (silent) this.#run.gap = silent.message;
    if (silent) return silent.message;
    return seconds.total.counts["connect.succeeded"] ? undefined : "No client could be connected";
  }

  /** Runs the load until the end of its drain; returns what ended it early if workers did not answer. */
  async #drive(pool: WorkerPool, seconds: SecondKeeper): Promise<SilentWorkersError | undefined> {
    const { signal, profile } = this.#options;
    const { now, emit } = this.#run;
    const driven = this.#driven;
    const waits = this.#plan.groups.some(({ endsAfter }) => endsAfter !== undefined);
    try {
      pool.tell({ kind: "connect" });
      await this.#connected(pool, seconds);
      if (waits) void this.#early.watch(pool.awaited, AbortSignal.any([signal, driven.signal]));
      await profile.executor.drive({
        warmUpMs: profile.warmUpMs,
        thresholds: profile.thresholds,
        fullRate: fullRate(profile),
        workers: pool,
        seconds,
        now,
        begin: (measuredFromMs) => this.#begin(pool, seconds, measuredFromMs),
        emit,
        over: this.#early.signal,
        signal,
      });
      if (this.#early.reason !== undefined) pool.tell({ kind: "stop" });
      if (!signal.aborted) await this.#drain(pool, seconds);
    } catch (error) {
      if (!(error instanceof SilentWorkersError)) throw error;
      return error;
    } finally {
      driven.abort();
    }
  }

  /** Waits until the clients that the load starts with are connected, or their time has passed. */
  async #connected(pool: WorkerPool, seconds: SecondKeeper): Promise<void> {
    const { connect, clients } = this.#plan;
    const { startAt, signal } = this.#options;
    const { now, epochMs } = this.#run;
    const rampMs = clients / (connect.rate === Infinity ? LEAST_CONNECT_RATE : connect.rate) * 1000;
    const until = startAt === undefined
      ? now() + rampMs + connect.withinMs + PATIENCE_MS
      : startAt - epochMs - AHEAD_MS;
    let settled = startAt !== undefined;
    const all = pool.all("settled").then(() => settled = true);
    all.catch(() => {});
    let cutMs = now() + 1000;
    while (!signal.aborted && now() < until && (!settled || startAt !== undefined)) {
      if (startAt === undefined) {
        await Promise.race([all, pause(Math.min(50, Math.max(1, cutMs - now())), signal)]);
      } else await pause(Math.min(cutMs, until) - now(), signal);
      if (now() < cutMs) continue;
      await seconds.cut({ phase: "connect", stage: -1 });
      cutMs += 1000;
    }
  }

  /** Starts the load, and returns when it started, in ms of the run's clock. */
  async #begin(pool: WorkerPool, seconds: SecondKeeper, measuredFromMs: number): Promise<number> {
    const { startAt, signal } = this.#options;
    const { now, epochMs } = this.#run;
    const startMs = startAt === undefined ? now() + AHEAD_MS : startAt - epochMs;
    pool.tell({ kind: "begin", startMs, measuredFromMs: startMs + measuredFromMs });
    for (const stop of this.#options.profile.stops) void this.#stop(stop, startMs);
    await pause(startMs - now(), signal);
    await seconds.cut({ phase: "connect", stage: -1 });
    return startMs;
  }

  /** Stops a broker at its time; the user must stop one that attest has not started. */
  async #stop({ broker, atMs }: BrokerStop, startMs: number): Promise<void> {
    const { signal, notice } = this.#options;
    const which = this.#brokers[broker - 1];
    await pause(
      startMs + atMs - this.#run.now(),
      AbortSignal.any([signal, this.#early.signal, this.#driven.signal]),
    );
    if (signal.aborted || this.#early.signal.aborted || this.#driven.signal.aborted || !which) return;
    if (which.stop) await which.stop();
    notice?.(
      which.stop
        ? `Stopped target ${broker}, ${which.name}`
        : `Stop target ${broker}, ${which.name}, now: attest has not started it`,
    );
  }

  /** Waits until nothing is pending any more, at most for the profile's `drain`. */
  async #drain(pool: WorkerPool, seconds: SecondKeeper): Promise<void> {
    const { signal, profile } = this.#options;
    const { now } = this.#run;
    const until = now() + profile.drainMs;
    let cutMs = now() + 1000;
    while (!signal.aborted && now() < until) {
      const askedMs = now();
      if ((await pool.left()).left === 0) return;
      // Counting takes longer with more clients, so it is done less often then.
      await pause(Math.max(ASK_MS, 5 * (now() - askedMs)), signal);
      if (now() < cutMs) continue;
      await seconds.cut({ phase: "drain", stage: -1 });
      cutMs += 1000;
    }
  }

  /** Ends the workers, and records what they have counted. Returns the error for those that did not answer. */
  async #finish(
    pool: WorkerPool,
    seconds: SecondKeeper,
    sysBefore: readonly (SysReading | undefined)[],
  ): Promise<SilentWorkersError | undefined> {
    const { answers, silent } = await pool.finish();
    const last = new MetricSums();
    for (const { delta } of answers) last.add(delta);
    addCounts(last.counts, sharedDue(this.#plan, pool.sent, answers.map(({ shares }) => shares)));
    const missing = pool.awaited.reduce((sum, left) => sum + Math.max(0, left), 0);
    if (missing > 0) addCounts(last.counts, { awaited: missing });
    seconds.end(last);
    this.#run.ended(
      seconds.total,
      this.#early.reason,
      await this.#brokersCount(pool, seconds.total, sysBefore),
    );
    return silent;
  }

  /** What the brokers have counted themselves; undefined if they publish no counts, or nothing was sent. */
  async #brokersCount(
    pool: WorkerPool,
    total: MetricSums,
    before: readonly (SysReading | undefined)[],
  ): Promise<Readonly<Record<string, number>> | undefined> {
    const { signal, notice } = this.#options;
    if (signal.aborted || !total.counts.sent || before.length === 0 || before.includes(undefined)) {
      return undefined;
    }
    notice?.(
      `Waiting for the broker's own count in $SYS, at most ${UPDATE_MS / 1000} s; ` +
        "Mosquitto publishes it every 10 s unless its sys_interval says otherwise",
    );
    return await sysDifference(this.#plan.brokers, before, countedBySys(this.#plan, pool.sent), signal);
  }
}

/**
 * How many messages the broker's own counters contain at least: Mosquitto does not count those of QoS 2 or retained.
 */
function countedBySys(plan: Plan, sent: Int32Array): number {
  let count = 0;
  for (const { publish, firstFlow, clients } of plan.groups) {
    if (!publish || publish.qos === 2 || publish.retain) continue;
    for (const times of sent.subarray(firstFlow, firstFlow + clients * publish.topics)) count += times;
  }
  return count;
}

/** `$run` in templates: the same for all shards that have the same seed. */
export function runName(seed: number): string {
  return (Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
}
