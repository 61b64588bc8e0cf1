import { messageOf } from "../../ground/error_message.ts";
import { pause } from "../../ground/wait.ts";
import { exitCode } from "../../run/exit_code.ts";
import type { LoadEvent } from "../../run/load_event.ts";
import { foldLoad, loadHolds } from "../../run/load_result.ts";
import { tally as tallyStandings } from "../../run/standing.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import { reach, type ReachOptions } from "../../target/reach.ts";
import type { ModuleTarget } from "../../target/target.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { generatorLimit } from "../run/generator.ts";
import { readMachine } from "../run/machine.ts";
import type { LoadOptions } from "../run/load.ts";
import { ModuleSession } from "./session.ts";
import type { ModuleFlow, ModulePlan } from "../profile/profile.ts";
import { Recorder } from "../engine/recorder.ts";
import { layOut, type Piece } from "../plan/schedule.ts";
import { SecondKeeper } from "../run/second_keeper.ts";
import { Tally } from "../engine/tally.ts";

/** What a load that drives a module is to be. */
export interface ModuleLoadOptions extends
  Pick<
    LoadOptions,
    "profile" | "seed" | "version" | "command" | "environment" | "emit" | "seen" | "signal"
  > {
  readonly target: TargetFile;
  readonly dialect: ReachOptions["dialect"];
  readonly operations: (name: string) => Operations;
  /** `$run` of the topics. */
  readonly run: string;
}

const ASK_MS = 50;
/** The least share of a rate at which the next moment is looked for, so that a ramp from 0 ends. */
const LEAST_SHARE = 0.01;

/**
 * Drives a module by a profile: attest is its host and its broker at once. Tells all that happens by `emit`, and gives the
 * exit status.
 */
export async function moduleLoad(options: ModuleLoadOptions): Promise<number> {
  const { profile, emit, signal, target: file } = options;
  const epochMs = Date.now();
  const zero = performance.now();
  const now = () => performance.now() - zero;
  const ended = (exit: number, reason?: string) => {
    const interrupted = signal.aborted;
    emit({ kind: "run-ended", t: now(), interrupted, exit, ...(reason === undefined ? {} : { reason }) });
    return exit;
  };
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
  const events: LoadEvent[] = [];
  const tell = (event: LoadEvent) => {
    // What decides on the exit status; the seconds are added up as they come.
    if (event.kind !== "load-second") events.push(event);
    emit(event);
  };
  const limits = await limitsOf();
  try {
    await using target = await reach(file, { dialect: options.dialect, signal });
    if (target.kind !== "module" || !profile.module) {
      return ended(3, `The target "${file.name}" is no module`);
    }
    emit({
      kind: "target-started",
      t: now(),
      name: target.name,
      address: target.address,
      supports: target.supports,
      protocols: target.protocols,
      tests: "module",
      ...(target.version === undefined ? {} : { version: target.version }),
    });
    const why = await new ModuleRun(options, profile.module, target, now, tell, limits).go();
    if (why !== undefined && !signal.aborted) return ended(3, why);
  } catch (error) {
    if (!signal.aborted) return ended(3, messageOf(error));
  }
  const result = foldLoad(events);
  return ended(exitCode({
    totals: tallyStandings([]),
    interrupted: signal.aborted,
    thresholdsHold: result !== undefined && loadHolds(result),
  }));
}

class ModuleRun {
  readonly #options: ModuleLoadOptions;
  readonly #plan: ModulePlan;
  readonly #target: ModuleTarget;
  readonly #now: () => number;
  readonly #emit: (event: LoadEvent) => void;
  readonly #limits: Readonly<Record<string, string>>;
  readonly #recorder = new Recorder();

  constructor(
    options: ModuleLoadOptions,
    plan: ModulePlan,
    target: ModuleTarget,
    now: () => number,
    emit: (event: LoadEvent) => void,
    limits: Readonly<Record<string, string>>,
  ) {
    this.#options = options;
    this.#plan = plan;
    this.#target = target;
    this.#now = now;
    this.#emit = emit;
    this.#limits = limits;
  }

  /** Gives why the module could not be driven at all. */
  async go(): Promise<string | undefined> {
    const { profile, operations, run, signal } = this.#options;
    // The waits of the session end when the load does, by whatever it ends.
    const over = new AbortController();
    const { pieces, planned } = layOut(profile.stages, this.#fullRate(), 1);
    const endMs = pieces.at(-1)?.endMs ?? 0;
    const session = await ModuleSession.open({
      target: this.#target,
      operations: operations(this.#target.dialect.name),
      plan: this.#plan,
      run,
      recorder: this.#recorder,
      lateAfterMs: profile.lateAfterMs,
      now: this.#now,
      fault: (fault) => this.#emit({ kind: "load-fault", t: this.#now(), ...fault }),
      signal: AbortSignal.any([signal, over.signal]),
    });
    try {
      this.#emit({
        kind: "load-started",
        t: this.#now(),
        profile: { name: profile.name, title: profile.title, file: profile.file, text: profile.text },
        executor: profile.executor,
        mode: profile.mode,
        pauseMs: 0,
        protocol: profile.protocol,
        workers: 1,
        clients: 1,
        brokers: [this.#target.address],
        warmUpMs: profile.warmUpMs,
        plannedMs: endMs,
        stages: planned,
        thresholds: profile.thresholds.map(({ expression }) => expression),
        limits: this.#limits,
      });
      const keeper = new SecondKeeper(
        () => Promise.resolve([{ share: this.#recorder.take(), connected: session.ready ? 1 : 0 }]),
        this.#now,
        this.#emit,
        this.#options.seen,
        [],
      );
      const trouble = await session.begin();
      if (trouble !== undefined) return `The module can't be talked to: ${trouble}`;
      if (!await session.connect(false)) return "The module could not be connected; its journal says why";
      await keeper.cut({ phase: "connect", stage: -1 });
      const startMs = this.#now();
      for (const flow of [session.up, session.down]) flow.measuredFromMs = startMs + profile.warmUpMs;
      const work = [
        this.#publish(session, pieces, startMs),
        this.#deliver(session, pieces, startMs),
        this.#keep(session, startMs + endMs),
      ];
      await this.#seconds(session, keeper, startMs, endMs);
      await this.#drain(session, keeper);
      await Promise.race([session.end(), pause(profile.drainMs, signal)]);
      over.abort();
      await Promise.all(work);
      this.#finish(session, keeper);
      return session.gone ? "The serial line is gone" : undefined;
    } finally {
      over.abort();
      await session[Symbol.asyncDispose]();
    }
  }

  #fullRate(): number {
    return (this.#plan.publish?.rate ?? 0) + (this.#plan.deliver?.rate ?? 0);
  }

  /** One command at a time: what comes due meanwhile waits, and is timed from when it was due. */
  async #publish(session: ModuleSession, pieces: readonly Piece[], startMs: number): Promise<void> {
    const { publish } = this.#plan;
    if (!publish) return;
    let busyUntilMs = 0;
    for (const { dueMs, qos } of moments(publish, pieces)) {
      await this.#until(startMs + dueMs);
      if (this.#options.signal.aborted || session.gone) return;
      await session.publish(startMs + dueMs, qos, busyUntilMs <= startMs + dueMs);
      busyUntilMs = this.#now();
    }
  }

  async #deliver(session: ModuleSession, pieces: readonly Piece[], startMs: number): Promise<void> {
    const { deliver } = this.#plan;
    if (!deliver) return;
    for (const { dueMs, qos } of moments(deliver, pieces)) {
      await this.#until(startMs + dueMs);
      if (this.#options.signal.aborted || session.gone) return;
      session.deliver(startMs + dueMs, qos);
    }
  }

  /** A timer may come up to a millisecond early; a message may not. */
  async #until(atMs: number): Promise<void> {
    while (!this.#options.signal.aborted && this.#now() < atMs) {
      await pause(Math.ceil(atMs - this.#now()), this.#options.signal);
    }
  }

  /** Gets a module back that has lost its connection. */
  async #keep(session: ModuleSession, untilMs: number): Promise<void> {
    const { signal } = this.#options;
    let again = true;
    while (!signal.aborted && !session.gone && this.#now() < untilMs) {
      if (session.ready) {
        again = true;
        await pause(Math.min(ASK_MS, untilMs - this.#now()), signal);
      } else again = await session.connect(again);
    }
  }

  async #seconds(
    session: ModuleSession,
    keeper: SecondKeeper,
    startMs: number,
    endMs: number,
  ): Promise<void> {
    const { signal, profile: { stages, warmUpMs } } = this.#options;
    let atMs = 0;
    while (!signal.aborted && !session.gone && atMs < endMs) {
      const next = atMs < warmUpMs ? Math.min(atMs + 1000, warmUpMs) : atMs + 1000;
      atMs = Math.min(next, endMs);
      await pause(startMs + atMs - this.#now(), signal);
      let stageEnd = 0;
      const stage = stages.findIndex((one) => (stageEnd += one.ms) >= atMs);
      await keeper.cut({ phase: atMs <= warmUpMs ? "warm-up" : "measure", stage });
    }
  }

  async #drain(session: ModuleSession, keeper: SecondKeeper): Promise<void> {
    const { signal, profile } = this.#options;
    const untilMs = this.#now() + profile.drainMs;
    while (!signal.aborted && !session.gone && this.#now() < untilMs) {
      if (session.up.left + session.down.left === 0) return;
      await pause(ASK_MS, signal);
    }
    await keeper.cut({ phase: "drain", stage: -1 });
  }

  #finish(session: ModuleSession, keeper: SecondKeeper): void {
    session.up.end();
    session.down.end();
    const last = new Tally();
    last.add(this.#recorder.take());
    keeper.end(last);
    const { total } = keeper;
    const limited = generatorLimit(total);
    this.#emit({
      kind: "load-ended",
      t: this.#now(),
      counts: total.counts,
      measured: total.measured,
      measuredMs: total.measuredMs,
      reasons: total.reasons,
      histograms: total.encoded(),
      ...(limited === undefined ? {} : { generatorLimited: limited }),
    });
  }
}

/** When messages are due, in milliseconds since the stages began, and of which QoS. */
function* moments(flow: ModuleFlow, pieces: readonly Piece[]): Generator<{ dueMs: number; qos: 0 | 1 | 2 }> {
  let dueMs = 0;
  let count = 0;
  for (const { startMs, endMs, fromRate, toRate } of pieces) {
    dueMs = Math.max(dueMs, startMs);
    while (dueMs < endMs) {
      const share = fromRate + (toRate - fromRate) * (dueMs - startMs) / Math.max(1, endMs - startMs);
      if (flow.rate * share > 0) yield { dueMs, qos: flow.qos[count++ % flow.qos.length] ?? 0 };
      dueMs += 1000 / (flow.rate * Math.max(LEAST_SHARE, share));
      if (!Number.isFinite(dueMs)) return;
    }
  }
}

async function limitsOf(): Promise<Readonly<Record<string, string>>> {
  const { cpu, kernel } = await readMachine();
  return { ...(cpu === undefined ? {} : { cpu }), ...(kernel === undefined ? {} : { kernel }) };
}
