import { answerClock, clockMemory } from "../engine/clock.ts";
import type { FromWorker, ToWorker } from "../engine/worker_message.ts";
import type { Left, Workers } from "../executor/executor.ts";
import type { Plan } from "../plan/plan.ts";
import type { RateSegment } from "../plan/rate_segment.ts";

type Answer<K extends FromWorker["kind"]> = Extract<FromWorker, { readonly kind: K }>;

/** What a pool reports to its owner. */
export interface PoolEvents {
  readonly fault: (fault: Answer<"fault">["fault"]) => void;
}

/** The workers of a load, one thread each. Disposing it ends them. */
export class WorkerPool implements Workers, Disposable {
  /** Shared with all workers, by flow: messages sent, and those whose fate is unknown. */
  readonly sent: Int32Array;
  readonly uncertain: Int32Array;
  readonly #threads: Worker[] = [];
  readonly #waiting = new Map<FromWorker["kind"], Map<Worker, PromiseWithResolvers<FromWorker>>>();
  /** Messages that came before a caller waited for them. */
  readonly #early = new Map<FromWorker["kind"], Map<Worker, FromWorker>>();
  readonly #events: PoolEvents;
  #failed: Error | undefined;

  private constructor(plan: Plan, events: PoolEvents) {
    this.#events = events;
    this.sent = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
    this.uncertain = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
  }

  /** Starts the threads and sends them the plan. `now` is the clock of the run; `epochMs` is its zero in ms since 1970. */
  static async start(
    plan: Plan,
    now: () => number,
    epochMs: number,
    events: PoolEvents,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(plan, events);
    try {
      for (let index = 0; index < plan.workers; index++) pool.#threads.push(pool.#spawn(index));
      await pool.all("loaded");
      for (const [worker, thread] of pool.#threads.entries()) {
        const clock = clockMemory();
        const { sent, uncertain } = pool;
        pool.#send(thread, { kind: "start", plan, worker, sent, uncertain, clock, epochMs });
        answerClock(clock, now);
      }
      await pool.all("started");
      return pool;
    } catch (error) {
      pool[Symbol.dispose]();
      throw error;
    }
  }

  #spawn(index: number): Worker {
    const thread = new Worker(new URL("../engine/worker.ts", import.meta.url), {
      type: "module",
      name: `load ${index + 1}`,
    });
    thread.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#heard(thread, data);
    thread.onerror = (event) => {
      event.preventDefault();
      this.#failed ??= new Error(`A worker of the load failed: ${event.message}`);
      for (const waiting of this.#waiting.values()) {
        for (const one of waiting.values()) one.reject(this.#failed);
      }
    };
    return thread;
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

  /** Returns the next message of a kind from every worker, in the order of the workers. Throws if a worker has failed. */
  async all<K extends FromWorker["kind"]>(kind: K): Promise<readonly Answer<K>[]> {
    const answers = await Promise.all(this.#threads.map((thread) => this.#next(thread, kind)));
    return answers.filter((one): one is Answer<K> => one.kind === kind);
  }

  /** Sends a message to all workers, and returns their answers in the order of the workers. */
  ask<K extends FromWorker["kind"]>(message: ToWorker, kind: K): Promise<readonly Answer<K>[]> {
    const answers = this.all(kind);
    this.tell(message);
    return answers;
  }

  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.terminate();
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
