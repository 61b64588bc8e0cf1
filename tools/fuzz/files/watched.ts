import { cpuUsage } from "node:process";
import type { Feeding } from "./feeder.ts";
import type { Outcome } from "./outcome.ts";

/** The limits of one input. */
export interface Bounds {
  /** Milliseconds of processor time. On a busy machine the wall clock would include other programs. */
  readonly cpuMs: number;
  /** Milliseconds of wall-clock time, for an input that waits for something that never comes. */
  readonly ms: number;
  /** How many bytes the process may grow during the life of a thread, so a leak over many inputs shows too. */
  readonly memory: number;
}

/** The interval of memory checks in milliseconds. */
const LOOK_MS = 50;

/** A thread that is fed one input after the other. One that hangs or grows is terminated and replaced. */
export class Watched implements Disposable {
  readonly #bounds: Bounds;
  readonly #module: URL;
  #worker: Worker | undefined;
  #before = 0;

  constructor(bounds: Bounds, module = new URL("./feeder.ts", import.meta.url)) {
    this.#bounds = bounds;
    this.#module = module;
  }

  /** Feeds an input. Returns its outcome within the limits and its processor time. */
  async feed(feeding: Feeding): Promise<{ readonly outcome: Outcome; readonly cpuMs: number }> {
    const worker = this.#worker ??= await this.#started();
    const since = cpuUsage();
    const outcome = await this.#answer(worker, feeding);
    return { outcome, cpuMs: msSince(since) };
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #started(): Promise<Worker> {
    const worker = new Worker(this.#module, { type: "module" });
    const ready = Promise.withResolvers<void>();
    worker.onmessage = () => ready.resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      ready.reject(new Error(`The feeder thread does not start: ${event.message}`));
    };
    await ready.promise;
    this.#before = Deno.memoryUsage().rss;
    return worker;
  }

  async #answer(worker: Worker, feeding: Feeding): Promise<Outcome> {
    const answer = Promise.withResolvers<Outcome>();
    const finding = (what: string, detail: string) => {
      this[Symbol.dispose]();
      answer.resolve({ kind: "finding", what, detail });
    };
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => answer.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      finding("an unhandled error", event.message);
    };
    const { cpuMs, ms } = this.#bounds;
    const clock = setTimeout(() => finding("a hang", `no end within ${ms} ms`), ms);
    const since = cpuUsage();
    const look = setInterval(() => {
      const grown = Deno.memoryUsage().rss - this.#before;
      if (grown > this.#bounds.memory) finding("memory", `${grown} bytes`);
      // This thread only waits meanwhile.
      if (msSince(since) > cpuMs) finding("a hang", `no end within ${cpuMs} ms of processor time`);
    }, LOOK_MS);
    try {
      worker.postMessage(feeding);
      return await answer.promise;
    } finally {
      clearTimeout(clock);
      clearInterval(look);
    }
  }
}

/** Returns the milliseconds of processor time that this process has used since then. */
function msSince(before: ReturnType<typeof cpuUsage>): number {
  const { user, system } = cpuUsage(before);
  return (user + system) / 1000;
}
