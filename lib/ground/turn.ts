import { setImmediate } from "node:timers";

/**
 * Decides when work must yield to the event loop. Reads from a connection that always has bytes ready resolve
 * without returning to the event loop, so a loop of such reads would block timers, signals and messages from
 * other threads forever.
 */
export class Turns {
  readonly #afterMs: number;
  readonly #now: () => number;
  /** The time of the last turn of the event loop. */
  #hadMs: number;
  #next: Promise<void> | undefined;

  /** Requests a turn after `afterMs` milliseconds of work by the clock `now`. */
  constructor(afterMs: number, now: () => number = () => performance.now()) {
    this.#afterMs = afterMs;
    this.#now = now;
    this.#hadMs = now();
  }

  /** Returns a promise for the next turn if the work must yield now, or undefined if it may continue. */
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

  /** Records that the event loop had a turn at this time. */
  had(nowMs: number): void {
    this.#hadMs = nowMs;
  }
}

/** The turns of this thread: every 5 ms, shared by all its links. */
const LINKS = new Turns(5);

/** Returns a promise that a link must await before it reads on, or undefined if it may read at once. */
export function turnDue(): Promise<void> | undefined {
  return LINKS.due();
}
