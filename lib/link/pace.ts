/** A pause that is longer stands between two lines, not within one; milliseconds. */
const LONGEST_PAUSE_MS = 250;
/** So many times the longest pause of late has to pass before a line counts as silent. */
const PATIENCE = 2;
/** By how much a pause counts less with each one behind it. */
const FADING = 0.95;

/**
 * How the bytes of lines come in. A line that takes its time is no silence: the milliseconds that lines took are counted,
 * and the pauses in them tell how long a silence has to be.
 */
export class Pace {
  #busyMs = 0;
  #pauseMs = 0;
  /** When the last bytes of an unfinished line came. */
  #lastAt: number | undefined;

  /** Bytes came at `now`; `unfinished` says whether a line has begun with them, or goes on behind them. */
  came(now: number, unfinished: boolean): void {
    if (this.#lastAt !== undefined) {
      const gap = now - this.#lastAt;
      this.#busyMs += Math.min(gap, LONGEST_PAUSE_MS);
      if (gap <= LONGEST_PAUSE_MS) this.#pauseMs = Math.max(gap, this.#pauseMs * FADING);
    }
    this.#lastAt = unfinished ? now : undefined;
  }

  /** The line was found to be whole by its silence. */
  ended(): void {
    this.#lastAt = undefined;
  }

  /** How many milliseconds lines took to come in, by `now`: from the first byte of each to its last. */
  busyMs(now: number): number {
    return this.#busyMs +
      (this.#lastAt === undefined ? 0 : Math.min(now - this.#lastAt, LONGEST_PAUSE_MS));
  }

  /** How long a line has to be silent before it counts as whole: `leastMs`, or longer on a line that pauses. */
  settleMs(leastMs: number): number {
    return Math.max(leastMs, Math.min(PATIENCE * this.#pauseMs, LONGEST_PAUSE_MS));
  }
}
