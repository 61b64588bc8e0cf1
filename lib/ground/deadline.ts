/** The deadline of a wait; an interruption of the run shortens it. Disposing it releases its timer. */
export class Deadline implements Disposable {
  readonly #late = new AbortController();
  readonly #interruption: AbortSignal;
  readonly #lastMs: number;
  #timer: ReturnType<typeof setTimeout>;

  /**
   * Sets the deadline `withinMs` from now, or `lastMs` after `interruption` aborts, if that is earlier.
   * `abortedMs` is the time of the abort by `performance.now()` if the signal has already aborted; the
   * default is now.
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

  /** Aborts when the deadline passes. */
  get signal(): AbortSignal {
    return this.#late.signal;
  }

  /** Resolves when the deadline passes. */
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
