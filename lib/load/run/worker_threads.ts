import type { FromWorker } from "../engine/worker_message.ts";

/** What a thread has sent before there was a listener. */
interface Early {
  readonly messages: FromWorker[];
  failure?: string;
}

/**
 * The threads of the workers of a load. They load their program while the load is prepared, so they are started as soon
 * as their number is known. Disposing it ends them.
 */
export class WorkerThreads implements Disposable {
  readonly threads: readonly Worker[];
  readonly #early: readonly Early[];

  /** Starts this many threads. */
  constructor(count: number) {
    this.#early = Array.from({ length: count }, () => ({ messages: [] }));
    this.threads = this.#early.map((early, index) => {
      const thread = new Worker(new URL("../engine/worker.ts", import.meta.url), {
        type: "module",
        name: `load ${index + 1}`,
      });
      thread.onmessage = ({ data }: MessageEvent<FromWorker>) => early.messages.push(data);
      thread.onerror = (event) => {
        event.preventDefault();
        early.failure ??= event.message;
      };
      return thread;
    });
  }

  /** Passes on all messages and failures of the threads, earlier ones first. */
  listen(heard: (thread: Worker, message: FromWorker) => void, failed: (message: string) => void): void {
    for (const [index, thread] of this.threads.entries()) {
      thread.onmessage = ({ data }: MessageEvent<FromWorker>) => heard(thread, data);
      thread.onerror = (event) => {
        event.preventDefault();
        failed(event.message);
      };
      const early = this.#early[index];
      for (const message of early?.messages.splice(0) ?? []) heard(thread, message);
      if (early?.failure !== undefined) failed(early.failure);
    }
  }

  [Symbol.dispose](): void {
    for (const thread of this.threads) thread.terminate();
  }
}
