import { messageOf } from "../../ground/error_message.ts";
import { pause } from "../../ground/wait.ts";
import type { RunEvent } from "../../run/event.ts";
import { exitCode } from "../../run/exit_code.ts";
import type { LoadEnded, LoadEvent } from "../../run/load_event.ts";
import { addCounts, type Counts } from "../../run/metrics.ts";
import { tally as tallyStandings } from "../../run/standing.ts";
import { foldLoad, loadHolds } from "../../run/load_result.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { generatorLimit } from "./generator.ts";
import { type LoadBroker, loadBroker, placeText } from "./load_broker.ts";
import { type Machine, readMachine } from "./machine.ts";
import { fullRate, type Plan, planOf } from "../plan/plan.ts";
import { shortages, strangers } from "./preflight.ts";
import type { Profile } from "../profile/profile.ts";
import { layOut } from "../plan/schedule.ts";
import { runSearch } from "../executor/search.ts";
import { SecondKeeper, type SecondSeen, type Standing } from "./second_keeper.ts";
import { sharedDue } from "../engine/shared_due.ts";
import { readSys, sysDifference } from "./sys_counters.ts";
import { Tally } from "../engine/tally.ts";
import { WorkerPool } from "./worker_pool.ts";

/** What a load is to be. */
export interface LoadOptions {
  readonly profile: Profile;
  /** Clients are spread over them in turn. */
  readonly targets: readonly TargetFile[];
  readonly workers: number;
  readonly seed: number;
  /** Counted from 1. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** When the stages begin, in milliseconds since 1970; default once all clients are connected. */
  readonly startAt?: number;
  /** Addresses of this machine to connect from. */
  readonly from: readonly string[];
  readonly version: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly emit: (event: RunEvent) => void;
  /** Told of each second, for a live view. */
  readonly seen: (seen: SecondSeen) => void;
  /** Ends the load in good order. */
  readonly signal: AbortSignal;
}

/** The machine can't do what the profile asks; the message tells what mends it. */
export class ShortageError extends Error {
  override readonly name = "ShortageError";
}

/** How long before its first message a load is told to begin, so that all workers know in time. Milliseconds. */
const AHEAD_MS = 100;
/** How often it is asked whether all has come, at the end. */
const ASK_MS = 50;
/** How long is waited for clients that do not come to be connected, beyond the time that they may take. */
const PATIENCE_MS = 2_000;

/**
 * Runs a profile and tells all that happens by `emit`; gives the exit status. Throws {@link ShortageError} before anything
 * is run where the machine lacks what the profile needs.
 */
export async function load(options: LoadOptions): Promise<number> {
  const { profile, emit, signal } = options;
  if (profile.module) throw new RangeError(`The profile "${profile.name}" drives a module, and no broker`);
  const machine = await readMachine();
  const epochMs = Date.now();
  const zero = performance.now();
  const now = () => performance.now() - zero;
  const ended = (exit: number, reason?: string) => {
    const interrupted = signal.aborted;
    emit({ kind: "run-ended", t: now(), interrupted, exit, ...(reason === undefined ? {} : { reason }) });
    return exit;
  };
  const plan = (brokers: Plan["brokers"]) =>
    planOf(profile, {
      run: runName(options.seed),
      seed: options.seed,
      brokers,
      from: options.from,
      shard: options.shard ?? { index: 1, of: 1 },
      workers: options.workers,
    });
  // The brokers' addresses do not change what is needed, only their number does.
  const nowhere = options.targets.map(() => ({ address: { kind: "mqtt" as const, host: "", port: 0 } }));
  const short = [...strangers(options.from), ...shortages(plan(nowhere), machine)];
  if (short.length > 0) throw new ShortageError(short.join("\n"));
  emit({
    kind: "run-started",
    format: 1,
    attest: options.version,
    what: "load",
    seed: options.seed,
    startedAt: new Date(epochMs).toISOString(),
    command: options.command,
    environment: options.environment,
    planned: 0,
  });
  await using stack = new AsyncDisposableStack();
  const brokers: LoadBroker[] = [];
  try {
    for (const file of options.targets) brokers.push(stack.use(await loadBroker(file, signal)));
  } catch (error) {
    if (signal.aborted) return ended(130);
    return ended(3, messageOf(error));
  }
  for (const [index, broker] of brokers.entries()) {
    const file = options.targets[index];
    emit({
      kind: "target-started",
      t: now(),
      name: broker.name,
      address: placeText(broker.place),
      supports: file?.supports ?? [],
      protocols: file?.protocols ?? [],
      ...(broker.version === undefined ? {} : { version: broker.version }),
    });
  }
  const events: LoadEvent[] = [];
  const run = new LoadRun(
    options,
    plan(brokers.map(({ place }) => place)),
    brokers,
    machine,
    now,
    epochMs,
    (event) => {
      // What decides on the exit status; the seconds are added up as they come.
      if (event.kind !== "load-second") events.push(event);
      emit(event);
    },
  );
  try {
    await run.go();
  } catch (error) {
    return ended(3, messageOf(error));
  }
  const result = foldLoad(events);
  const nobody = result !== undefined && (result.counts["connect.succeeded"] ?? 0) === 0;
  return ended(
    exitCode({
      totals: tallyStandings([]),
      interrupted: signal.aborted,
      broken: nobody,
      thresholdsHold: result !== undefined && loadHolds(result),
    }),
    nobody && !signal.aborted ? "No client could be connected" : undefined,
  );
}

class LoadRun {
  readonly #options: LoadOptions;
  readonly #plan: Plan;
  readonly #brokers: readonly LoadBroker[];
  readonly #machine: Machine;
  readonly #now: () => number;
  readonly #epochMs: number;
  readonly #emit: (event: LoadEvent) => void;
  /** When the stages began, in ms of the run's clock. */
  #startMs = Infinity;

  constructor(
    options: LoadOptions,
    plan: Plan,
    brokers: readonly LoadBroker[],
    machine: Machine,
    now: () => number,
    epochMs: number,
    emit: (event: LoadEvent) => void,
  ) {
    this.#options = options;
    this.#plan = plan;
    this.#brokers = brokers;
    this.#machine = machine;
    this.#now = now;
    this.#epochMs = epochMs;
    this.#emit = emit;
  }

  async go(): Promise<void> {
    const { signal, profile } = this.#options;
    const plan = this.#plan;
    const before = await Promise.all(plan.brokers.map((broker) => readSys(broker, signal)));
    this.#tellStart();
    using pool = await WorkerPool.start(plan, this.#now, this.#epochMs, {
      fault: (fault) => this.#emit({ kind: "load-fault", t: this.#now(), ...fault }),
    });
    const pids = this.#brokers.flatMap(({ pid }) => pid === undefined ? [] : [pid]);
    const keeper = new SecondKeeper(
      () => pool.ask({ kind: "take" }, "share"),
      this.#now,
      this.#emit,
      this.#options.seen,
      pids,
    );
    pool.tell({ kind: "connect" });
    await this.#connected(pool, keeper);
    if (profile.executor === "search" && profile.search) {
      await this.#begin(pool, keeper, Infinity);
      await runSearch(profile, profile.search, {
        pool,
        keeper,
        now: this.#now,
        startMs: this.#startMs,
        fullRate: fullRate(profile),
        emit: this.#emit,
        signal,
      });
    } else await this.#stages(pool, keeper);
    if (!signal.aborted) await this.#drain(pool, keeper);
    await this.#finish(pool, keeper, before);
  }

  #tellStart(): void {
    const { profile, shard, workers } = this.#options;
    const plan = this.#plan;
    const { planned } = layOut(profile.stages, fullRate(profile), plan.clients);
    const { descriptors, ports, cpu, kernel, memory } = this.#machine;
    this.#emit({
      kind: "load-started",
      t: this.#now(),
      profile: { name: profile.name, title: profile.title, file: profile.file, text: profile.text },
      executor: profile.executor,
      mode: profile.mode,
      pauseMs: plan.pauseMs,
      protocol: profile.protocol,
      workers,
      clients: plan.clients,
      brokers: plan.brokers.map(placeText),
      warmUpMs: profile.warmUpMs,
      plannedMs: plan.pieces.at(-1)?.endMs ?? 0,
      stages: planned,
      thresholds: profile.thresholds.map(({ expression }) => expression),
      ...(shard ? { shard } : {}),
      limits: {
        ...(cpu === undefined ? {} : { cpu }),
        ...(kernel === undefined ? {} : { kernel }),
        ...(descriptors === undefined ? {} : { descriptors: String(descriptors) }),
        ...(ports ? { ports: `${ports.from}-${ports.to}` } : {}),
        ...(memory === undefined ? {} : { memory: `${Math.round(memory / 1e6)} MB` }),
      },
    });
  }

  /** Waits until all clients that are to be there at the start are, or have had their time. */
  async #connected(pool: WorkerPool, keeper: SecondKeeper): Promise<void> {
    const { connect, clients } = this.#plan;
    const { startAt, signal } = this.#options;
    const ramp = connect.rate === Infinity ? clients / 1_000 * 1000 : clients / connect.rate * 1000;
    const until = startAt === undefined
      ? this.#now() + ramp + connect.withinMs + PATIENCE_MS
      : startAt - this.#epochMs - AHEAD_MS;
    let settled = startAt !== undefined;
    const all = pool.all("settled").then(() => settled = true);
    all.catch(() => {});
    let cutMs = this.#now() + 1000;
    while (!signal.aborted && this.#now() < until && (!settled || startAt !== undefined)) {
      if (startAt === undefined) {
        await Promise.race([all, pause(Math.min(50, Math.max(1, cutMs - this.#now())), signal)]);
      } else await pause(Math.min(cutMs, until) - this.#now(), signal);
      if (this.#now() < cutMs) continue;
      await keeper.cut({ phase: "connect", stage: -1 });
      cutMs += 1000;
    }
  }

  async #begin(pool: WorkerPool, keeper: SecondKeeper, measuredFromMs: number): Promise<void> {
    const { startAt } = this.#options;
    this.#startMs = startAt === undefined ? this.#now() + AHEAD_MS : startAt - this.#epochMs;
    pool.tell({ kind: "begin", startMs: this.#startMs, measuredFromMs: this.#startMs + measuredFromMs });
    await pause(this.#startMs - this.#now(), this.#options.signal);
    await keeper.cut({ phase: "connect", stage: -1 });
  }

  async #stages(pool: WorkerPool, keeper: SecondKeeper): Promise<void> {
    const { signal, profile } = this.#options;
    const { pieces, warmUpMs } = this.#plan;
    const endMs = pieces.at(-1)?.endMs ?? 0;
    await this.#begin(pool, keeper, warmUpMs);
    if (profile.executor === "closed-loop") pool.tell({ kind: "run", running: true });
    let atMs = 0;
    while (!signal.aborted && atMs < endMs) {
      // Seconds end where the warm-up does, so that none is half in it.
      const next = atMs < warmUpMs ? Math.min(atMs + 1000, warmUpMs) : atMs + 1000;
      atMs = Math.min(next, endMs);
      await pause(this.#startMs + atMs - this.#now(), signal);
      await keeper.cut(this.#standing(atMs));
    }
    if (profile.executor === "closed-loop") pool.tell({ kind: "run", running: false });
  }

  #standing(endMs: number): Standing {
    let end = 0;
    const stage = this.#options.profile.stages.findIndex((one) => (end += one.ms) >= endMs);
    return { phase: endMs <= this.#plan.warmUpMs ? "warm-up" : "measure", stage };
  }

  /** Waits until everything that is on its way has come, or the profile's patience is at its end. */
  async #drain(pool: WorkerPool, keeper: SecondKeeper): Promise<void> {
    const { signal, profile } = this.#options;
    const until = this.#now() + profile.drainMs;
    let cutMs = this.#now() + 1000;
    while (!signal.aborted && this.#now() < until) {
      const askedMs = this.#now();
      const answers = await pool.ask({ kind: "left" }, "left");
      if (answers.every(({ left }) => left === 0)) return;
      // Where there is much to be looked at, it is looked at less often.
      await pause(Math.max(ASK_MS, 5 * (this.#now() - askedMs)), signal);
      if (this.#now() < cutMs) continue;
      await keeper.cut({ phase: "drain", stage: -1 });
      cutMs += 1000;
    }
  }

  async #finish(
    pool: WorkerPool,
    keeper: SecondKeeper,
    before: Parameters<typeof sysDifference>[1],
  ): Promise<void> {
    const { signal } = this.#options;
    const answers = await pool.ask({ kind: "finish" }, "finished");
    const last = new Tally();
    for (const { share } of answers) last.add(share);
    const shared: Counts = sharedDue(this.#plan, pool.sent, answers.map(({ shares }) => shares));
    addCounts(last.counts, shared);
    keeper.end(last);
    const { total } = keeper;
    const limited = generatorLimit(total);
    const sys = signal.aborted
      ? undefined
      : await sysDifference(this.#plan.brokers, before, countedBySys(this.#plan, pool.sent), signal);
    const ended: LoadEnded = {
      kind: "load-ended",
      t: this.#now(),
      counts: total.counts,
      measured: total.measured,
      measuredMs: total.measuredMs,
      reasons: total.reasons,
      histograms: total.encoded(),
      ...(limited === undefined || this.#options.profile.executor === "search"
        ? {}
        : { generatorLimited: limited }),
      ...(sys ? { sys } : {}),
    };
    this.#emit(ended);
  }
}

/** How many messages the broker counts at least; Mosquitto leaves those out that are of QoS 2 or retained. */
function countedBySys(plan: Plan, sent: Int32Array): number {
  let count = 0;
  for (const { publish, firstFlow, clients } of plan.groups) {
    if (!publish || publish.qos === 2 || publish.retain) continue;
    for (const times of sent.subarray(firstFlow, firstFlow + clients * publish.topics)) count += times;
  }
  return count;
}

/** `$run`: the same for all shards that have the same seed. */
export function runName(seed: number): string {
  return (Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
}
