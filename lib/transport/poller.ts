import { type Libc, POLL } from "./libc.ts";

/** A descriptor and the awaited events. */
export interface Polled {
  readonly fd: number;
  readonly events: number;
}

interface Waiter {
  readonly libc: Libc;
  readonly fds: readonly Polled[];
  /** The end of the wait, by `performance.now()`. */
  readonly until: number;
  readonly done: () => void;
}

/**
 * Waits for any number of descriptors on one thread. Deno has 32 threads for blocking calls; with a thread
 * per wait, the waits of 17 modules and their hosts would block each other forever.
 */
export class Poller {
  /** The poller of this thread. */
  static readonly shared = new Poller();

  readonly #waiters = new Set<Waiter>();
  /** Interrupts the waiting call, so it restarts with all waiters. */
  #wake: readonly [number, number] | undefined;
  #woken = false;

  /**
   * Waits until one of the descriptors is ready or `withinMs` pass; -1 means no timeout. Neither the library
   * nor a descriptor may be closed before that.
   */
  wait(libc: Libc, fds: readonly Polled[], withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const until = withinMs < 0 ? Infinity : performance.now() + withinMs;
    const running = this.#wake;
    // Without a pipe no wait is possible, and the caller gets the error.
    const wake = running ?? (this.#wake = libc.pipe());
    this.#waiters.add({ libc, fds, until, done: resolve });
    if (!running) {
      void this.#run(wake);
    } else if (!this.#woken) {
      this.#woken = true;
      libc.write(wake[1], Uint8Array.of(0));
    }
    return promise;
  }

  async #run(wake: readonly [number, number]): Promise<void> {
    for (;;) {
      const waiters = [...this.#waiters];
      const [first] = waiters;
      if (!first) return;
      const until = Math.min(...waiters.map((waiter) => waiter.until));
      const withinMs = until === Infinity ? -1 : Math.max(0, Math.ceil(until - performance.now()));
      const fds = [{ fd: wake[0], events: POLL.in }, ...waiters.flatMap((waiter) => waiter.fds)];
      // Its waiter stays until the call returns, which keeps the library open.
      const ready = await first.libc.poll(fds, withinMs);
      if (ready?.has(wake[0])) {
        first.libc.read(wake[0], new Uint8Array(16));
        this.#woken = false;
      }
      const now = performance.now();
      const done = waiters.filter((waiter) =>
        !ready || waiter.until <= now || waiter.fds.some(({ fd }) => ready.has(fd))
      );
      for (const waiter of done) this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) {
        for (const end of wake) first.libc.close(end);
        this.#wake = undefined;
        this.#woken = false;
      }
      for (const waiter of done) waiter.done();
      if (!this.#wake) return;
    }
  }
}
