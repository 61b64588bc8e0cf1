import { answerClock, clockMemory } from "../engine/clock.ts";
import type { Plan } from "../plan/plan.ts";
import type { FromWorker, ToWorker } from "../engine/worker_message.ts";

type Answer<K extends FromWorker["kind"]> = Extract<FromWorker, { readonly kind: K }>;

/** What a pool tells whoever owns it. */
export interface PoolEvents {
  readonly fault: (fault: Answer<"fault">["fault"]) => void;
}

/** The workers of a load, one thread each. Disposing it ends them. */
export class WorkerPool implements Disposable {
  /** By flow, as all workers count them. */
  readonly sent: Int32Array;
  readonly uncertain: Int32Array;
  readonly #threads: Worker[] = [];
  readonly #waiting = new Map<FromWorker["kind"], Map<Worker, PromiseWithResolvers<FromWorker>>>();
  /** What came before it was asked for. */
  readonly #early = new Map<FromWorker["kind"], Map<Worker, FromWorker>>();
  readonly #events: PoolEvents;
  #failed: Error | undefined;

  private constructor(plan: Plan, events: PoolEvents) {
    this.#events = events;
    this.sent = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
    this.uncertain = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.flows)));
  }

  /** Starts the threads and gives them the plan. `now` is the clock of the run, `epochMs` its zero since 1970. */
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

  /** Tells all workers. */
  tell(message: ToWorker): void {
    for (const thread of this.#threads) this.#send(thread, message);
  }

  /** The next message of a kind from every worker, in their order. Throws where a worker has failed. */
  async all<K extends FromWorker["kind"]>(kind: K): Promise<readonly Answer<K>[]> {
    const answers = await Promise.all(this.#threads.map((thread) => this.#next(thread, kind)));
    return answers.filter((one): one is Answer<K> => one.kind === kind);
  }

  /** Asks all workers, and gives their answers in their order. */
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
