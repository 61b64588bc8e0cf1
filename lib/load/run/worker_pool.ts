import { Deadline } from "../../ground/deadline.ts";
import { awaitedOf } from "../engine/awaited.ts";
import { answerClock, clockMemory } from "../engine/clock.ts";
import type { FromWorker, ToWorker } from "../engine/worker_message.ts";
import type { Left, Workers } from "../executor/executor.ts";
import type { Plan } from "../plan/plan.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import type { WorkerThreads } from "./worker_threads.ts";

type Answer<K extends FromWorker["kind"]> = Extract<FromWorker, { readonly kind: K }>;

/**
 * How long a worker may take to load its program, and to answer, in milliseconds; and how long all of them may take
 * once the load is interrupted.
 */
const START_MS = 60_000;
const ANSWER_MS = 10_000;
const LAST_ANSWERS_MS = 1_300;

/** Thrown if workers do not answer in time; the message says which. */
export class SilentWorkersError extends Error {
  override readonly name = "SilentWorkersError";

  /** `silent` are the workers, counted from 1, of `all`. */
  constructor(silent: readonly number[], all: number) {
    const who = `${silent.length === 1 ? "Worker" : "Workers"} ${silent.join(", ")} of ${all}`;
    super(
      `${who} did not answer in time, so their last counts may be missing. ` +
        "This machine is too slow for the load: use fewer clients, or share it among machines with --shard",
    );
  }
}

/** What a pool reports to its owner. */
export interface PoolEvents {
  readonly fault: (fault: Answer<"fault">["fault"]) => void;
}

/** The workers of a load, one thread each. Disposing it ends them. */
export class WorkerPool implements Workers, Disposable {
  /** Shared with all workers, by flow: messages sent, and those whose fate is unknown. */
  readonly sent: Int32Array;
  readonly uncertain: Int32Array;
  /** By group: messages for which the load still waits. */
  readonly awaited: Int32Array;
  readonly #threads: readonly Worker[];
  readonly #owned: WorkerThreads;
  readonly #waiting = new Map<FromWorker["kind"], Map<Worker, PromiseWithResolvers<FromWorker>>>();
  /** Messages that came before a caller waited for them. */
  readonly #early = new Map<FromWorker["kind"], Map<Worker, FromWorker>>();
  readonly #events: PoolEvents;
  readonly #signal: AbortSignal;
  readonly #answerMs: number;
  /** When the load was interrupted, by `performance.now()`. */
  #abortedMs = Infinity;
  #failed: Error | undefined;

  private constructor(
    plan: Plan,
    threads: WorkerThreads,
    events: PoolEvents,
    signal: AbortSignal,
    answerMs: number,
  ) {
    this.#owned = threads;
    this.#threads = threads.threads;
    this.#events = events;
    this.#signal = signal;
    this.#answerMs = answerMs;
    if (signal.aborted) this.#abortedMs = performance.now();
    signal.addEventListener("abort", this.#aborted);
    this.sent = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
    this.uncertain = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
    this.awaited = awaitedOf(plan);
  }

  /**
   * Takes the threads, and sends them the plan; the pool ends them. `now` is the clock of the run; `epochMs` is its
   * zero in ms since 1970. The workers have `answerMs` to answer a request, and less once `signal` aborts. Throws
   * {@link SilentWorkersError}.
   */
  static async start(
    plan: Plan,
    threads: WorkerThreads,
    now: () => number,
    epochMs: number,
    events: PoolEvents,
    signal: AbortSignal,
    answerMs = ANSWER_MS,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(plan, threads, events, signal, answerMs);
    try {
      threads.listen((thread, message) => pool.#heard(thread, message), pool.#failure);
      await pool.#inTime("loaded", START_MS);
      for (const [worker, thread] of pool.#threads.entries()) {
        const clock = clockMemory();
        const { sent, uncertain, awaited } = pool;
        pool.#send(thread, { kind: "start", plan, worker, sent, uncertain, awaited, clock, epochMs });
        answerClock(clock, now);
      }
      await pool.#inTime("started", START_MS);
      return pool;
    } catch (error) {
      pool[Symbol.dispose]();
      throw error;
    }
  }

  readonly #failure = (message: string): void => {
    this.#fail(new Error(`A worker of the load failed: ${message}`));
  };

  #fail(error: Error): void {
    this.#failed ??= error;
    for (const waiting of this.#waiting.values()) {
      for (const one of waiting.values()) one.reject(this.#failed);
    }
  }

  extend(segments: readonly RateSegment[], measuredFromMs: number): void {
    this.tell({ kind: "extend", segments, measuredFromMs });
  }

  run(running: boolean): void {
    this.tell({ kind: "run", running });
  }

  async left(): Promise<Left> {
    const answers = await this.ask({ kind: "left" }, "left");
    return {
      left: answers.reduce((sum, one) => sum + one.left, 0),
      missing: answers.reduce((sum, one) => sum + one.missing, 0),
    };
  }

  /** Sends a message to all workers. */
  tell(message: ToWorker): void {
    for (const thread of this.#threads) this.#send(thread, message);
  }

  /**
   * Returns the next message of a kind from every worker, in the order of the workers, however late. Throws if a worker has failed.
   */
  async all<K extends FromWorker["kind"]>(kind: K): Promise<readonly Answer<K>[]> {
    const answers = await Promise.all(this.#threads.map((thread) => this.#next(thread, kind)));
    return answers.filter((one): one is Answer<K> => one.kind === kind);
  }

  /**
   * Sends a message to all workers, and returns their answers in the order of the workers. Throws {@link SilentWorkersError} if an
   * answer does not come in time.
   */
  ask<K extends FromWorker["kind"]>(message: ToWorker, kind: K): Promise<readonly Answer<K>[]> {
    const answers = this.#inTime(kind);
    this.tell(message);
    return answers;
  }

  /** Ends the load of all workers. Returns the answers that come in time, and the error for those that do not. */
  async finish(): Promise<{
    readonly answers: readonly Answer<"finished">[];
    readonly silent: SilentWorkersError | undefined;
  }> {
    const { answers, silent } = await this.#collect(
      "finished",
      this.#answerMs,
      () => this.tell({ kind: "finish" }),
    );
    return { answers, silent: silent.length > 0 ? this.#silence(silent) : undefined };
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#aborted);
    this.#owned[Symbol.dispose]();
  }

  readonly #aborted = () => this.#abortedMs = performance.now();

  #silence(silent: readonly number[]): SilentWorkersError {
    return new SilentWorkersError(silent, this.#threads.length);
  }

  async #inTime<K extends FromWorker["kind"]>(
    kind: K,
    withinMs = this.#answerMs,
  ): Promise<readonly Answer<K>[]> {
    const { answers, silent } = await this.#collect(kind, withinMs);
    if (silent.length > 0) throw this.#silence(silent);
    return answers;
  }

  /** The answers of a kind that come in time, in the order of the workers, and the numbers of the workers that are silent. */
  async #collect<K extends FromWorker["kind"]>(kind: K, withinMs: number, begin?: () => void): Promise<{
    readonly answers: readonly Answer<K>[];
    readonly silent: readonly number[];
  }> {
    const answers: (FromWorker | undefined)[] = this.#threads.map(() => undefined);
    const all = Promise.all(
      this.#threads.map(async (thread, index) => answers[index] = await this.#next(thread, kind)),
    );
    // Once the time has passed, its rejection is not needed any more.
    all.catch(() => {});
    begin?.();
    using late = new Deadline(withinMs, this.#signal, LAST_ANSWERS_MS, this.#abortedMs);
    await Promise.race([all, late.passed]);
    return {
      answers: answers.filter((one): one is Answer<K> => one?.kind === kind),
      silent: answers.flatMap((one, index) => one === undefined ? [index + 1] : []),
    };
  }

  #send(thread: Worker, message: ToWorker): void {
    thread.postMessage(message);
  }

  #next(thread: Worker, kind: FromWorker["kind"]): Promise<FromWorker> {
    if (this.#failed) return Promise.reject(this.#failed);
    const early = this.#early.get(kind)?.get(thread);
    if (early) {
      this.#early.get(kind)?.delete(thread);
      return Promise.resolve(early);
    }
    const waiting = Promise.withResolvers<FromWorker>();
    const ofKind = this.#waiting.get(kind) ?? new Map<Worker, PromiseWithResolvers<FromWorker>>();
    ofKind.set(thread, waiting);
    this.#waiting.set(kind, ofKind);
    return waiting.promise;
  }

  #heard(thread: Worker, message: FromWorker): void {
    if (message.kind === "fault") return this.#events.fault(message.fault);
    if (message.kind === "unready") return this.#fail(new Error(message.reason));
    const waiting = this.#waiting.get(message.kind)?.get(thread);
    if (waiting) {
      this.#waiting.get(message.kind)?.delete(thread);
      waiting.resolve(message);
      return;
    }
    const early = this.#early.get(message.kind) ?? new Map<Worker, FromWorker>();
    early.set(thread, message);
    this.#early.set(message.kind, early);
  }
}
