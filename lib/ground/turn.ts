import { setImmediate } from "node:timers";

/**
 * Tells work when it has kept its thread for too long. Reads of a connection on which bytes always wait resolve without a
 * turn of the event loop, so that a loop of such reads would keep timers, signals and messages of other threads waiting for
 * ever.
 */
export class Turns {
  readonly #afterMs: number;
  readonly #now: () => number;
  /** When the event loop last had its turn. */
  #hadMs: number;
  #next: Promise<void> | undefined;

  /** The event loop is due a turn after so many milliseconds of work by the clock `now`. */
  constructor(afterMs: number, now: () => number = () => performance.now()) {
    this.#afterMs = afterMs;
    this.#now = now;
    this.#hadMs = now();
  }

  /** A promise of the next turn, which work has to wait for if it has kept the thread; undefined if it may go on at once. */
  due(): Promise<void> | undefined {
    if (this.#next) return this.#next;
    if (this.#now() - this.#hadMs < this.#afterMs) return undefined;
    return this.#next = new Promise((resolve) =>
      setImmediate(() => {
        this.had(this.#now());
        this.#next = undefined;
        resolve();
      })
    );
  }

  /** The event loop has had a turn at this moment. */
  had(nowMs: number): void {
    this.#hadMs = nowMs;
  }
}

/** The turns of this thread, every 5 ms, for all links of it together. */
const LINKS = new Turns(5);

/** A promise that a link has to wait for before it reads on; undefined if it may at once. */
export function turnDue(): Promise<void> | undefined {
  return LINKS.due();
}
