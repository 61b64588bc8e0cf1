/** Calls `tooLong` once nothing was heard for the time that is watched for. */
export class SilenceWatch {
  readonly #now: () => number;
  readonly #tooLong: () => void;
  #heardAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(now: () => number, tooLong: () => void) {
    this.#now = now;
    this.#tooLong = tooLong;
    this.#heardAt = now();
  }

  /** Notes a sign of life. */
  heard(): void {
    this.#heardAt = this.#now();
  }

  /** Watches for `limitMs` of silence from now on, Infinity for never; one timer, put off by what was heard meanwhile. */
  watch(limitMs: number): void {
    this.stop();
    if (limitMs === Infinity) return;
    const look = () => {
      const silentMs = this.#now() - this.#heardAt;
      if (silentMs >= limitMs) this.#tooLong();
      else this.#timer = setTimeout(look, limitMs - silentMs);
    };
    this.#timer = setTimeout(look, limitMs);
  }

  /** Watches no longer. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
