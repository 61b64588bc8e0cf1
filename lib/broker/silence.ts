/** Calls `tooLong` when nothing was received for a given time. */
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

  /** Records a sign of life. */
  heard(): void {
    this.#heardAt = this.#now();
  }

  /** Starts to watch for `limitMs` of silence, Infinity for never. It uses one timer, which is extended by signs of life. */
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

  /** Stops watching. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
