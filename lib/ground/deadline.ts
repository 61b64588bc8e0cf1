/** The end of a wait, which comes earlier once a run is interrupted. Disposing it releases its timer. */
export class Deadline implements Disposable {
  readonly #late = new AbortController();
  readonly #interruption: AbortSignal;
  readonly #lastMs: number;
  #timer: ReturnType<typeof setTimeout>;

  /**
   * The wait lasts `withinMs`, or until `lastMs` behind the moment at which `interruption` aborts; `abortedMs` is that moment by
   * `performance.now()`, if it has passed, and now by default.
   */
  constructor(
    withinMs: number,
    interruption: AbortSignal,
    lastMs: number,
    abortedMs: number = performance.now(),
  ) {
    this.#interruption = interruption;
    this.#lastMs = lastMs;
    const left = abortedMs + lastMs - performance.now();
    this.#timer = this.#after(interruption.aborted ? Math.min(withinMs, left) : withinMs);
    interruption.addEventListener("abort", this.#interrupted);
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#late.signal;
  }

  /** Resolves when the time is over. */
  get passed(): Promise<void> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#interruption.removeEventListener("abort", this.#interrupted);
  }

  #after(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#late.abort(), Math.max(0, ms));
  }

  readonly #interrupted = () => {
    clearTimeout(this.#timer);
    this.#timer = this.#after(this.#lastMs);
  };
}
