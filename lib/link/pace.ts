/** A longer pause is between two lines, not within one; in milliseconds. */
const LONGEST_PAUSE_MS = 250;
/** A line counts as silent after this many times the longest recent pause. */
const PATIENCE = 2;
/** The factor by which each later pause reduces the weight of a pause. */
const FADING = 0.95;

/**
 * Tracks how the bytes of lines arrive. A slow line is not silent: the time that lines take is counted, and
 * the pauses in them determine how long a silence must be.
 */
export class Pace {
  #busyMs = 0;
  #pauseMs = 0;
  /** When the last bytes of an unfinished line arrived. */
  #lastAt: number | undefined;

  /** Records bytes at `now`; `unfinished` says whether a line starts with them or continues after them. */
  came(now: number, unfinished: boolean): void {
    if (this.#lastAt !== undefined) {
      const gap = now - this.#lastAt;
      this.#busyMs += Math.min(gap, LONGEST_PAUSE_MS);
      if (gap <= LONGEST_PAUSE_MS) this.#pauseMs = Math.max(gap, this.#pauseMs * FADING);
    }
    this.#lastAt = unfinished ? now : undefined;
  }

  /** Records that silence has ended the line. */
  ended(): void {
    this.#lastAt = undefined;
  }

  /** The milliseconds that lines took to arrive by `now`, from the first byte of each to its last. */
  busyMs(now: number): number {
    return this.#busyMs +
      (this.#lastAt === undefined ? 0 : Math.min(now - this.#lastAt, LONGEST_PAUSE_MS));
  }

  /** How long a line must be silent to count as complete: `leastMs`, or longer on a line with pauses. */
  settleMs(leastMs: number): number {
    return Math.max(leastMs, Math.min(PATIENCE * this.#pauseMs, LONGEST_PAUSE_MS));
  }
}
