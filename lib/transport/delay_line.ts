/** Items that come out in their order, each a fixed time after it went in. */
export class DelayLine<T> {
  readonly #delayMs: number;
  readonly #limit: number;
  readonly #items: { readonly item: T; readonly size: number; readonly due: number }[] = [];
  readonly #waiting = new Set<() => void>();
  #held = 0;
  #stopped = false;

  /** `limit` is how much it holds before {@link room} waits, in the unit of the sizes. */
  constructor(delayMs: number, limit: number) {
    this.#delayMs = delayMs;
    this.#limit = limit;
  }

  /** How much more fits. */
  get free(): number {
    return Math.max(0, this.#limit - this.#held);
  }

  /** Puts an item in; a stopped line drops it. */
  push(item: T, size: number): void {
    if (this.#stopped) return;
    this.#items.push({ item, size, due: performance.now() + this.#delayMs });
    this.#held += size;
    this.#changed();
  }

  /** Waits until something fits, or the line is stopped. */
  async room(): Promise<void> {
    while (this.free === 0 && !this.#stopped) await this.#change();
  }

  /** Takes the next item once its time has come; undefined when the line is stopped. */
  async next(): Promise<T | undefined> {
    for (;;) {
      if (this.#stopped) return undefined;
      const [first] = this.#items;
      const leftMs = first && first.due - performance.now();
      if (first && leftMs !== undefined && leftMs <= 0) {
        this.#items.shift();
        this.#held -= first.size;
        this.#changed();
        return first.item;
      }
      await this.#change(leftMs);
    }
  }

  /** Drops what is on its way, and ends all waits. */
  stop(): void {
    this.#stopped = true;
    this.#items.length = 0;
    this.#held = 0;
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Waits for the next change, or so long. */
  async #change(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }
}
