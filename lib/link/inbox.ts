/**
 * The queue of what has arrived on a link, in order. A close is its last item and stays: each later call returns it
 * again.
 */
export class Inbox<T extends { readonly kind: string }> {
  readonly #items: T[] = [];
  readonly #limit: number;
  readonly #limitBytes: () => number;
  readonly #sizeOf: (item: T) => number;
  #bytes = 0;
  #wakeReceiver: (() => void) | undefined;
  #wakeReader: (() => void) | undefined;
  #stopped = false;

  /**
   * `limit` is how many items may wait before {@link room} makes the reader wait, `limitBytes` how many bytes; `sizeOf` gives
   * those of an item.
   */
  constructor(limit: number, limitBytes: () => number, sizeOf: (item: T) => number) {
    this.#limit = limit;
    this.#limitBytes = limitBytes;
    this.#sizeOf = sizeOf;
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#items.length;
  }

  /** Adds an item at the end. */
  put(item: T): void {
    this.#items.push(item);
    this.#bytes += this.#sizeOf(item);
    this.#wakeReceiver?.();
  }

  /** The next item if one waits, left where it is. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Whether an item waits before `withinMs` pass or `signal` aborts. */
  async comes(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#items.length === 0 && !signal?.aborted) await this.#arrival(withinMs, signal);
    return this.#items.length > 0;
  }

  /** Takes the next item, or gives undefined when `withinMs` pass or `signal` aborts without one. */
  async receive(withinMs: number, signal?: AbortSignal): Promise<T | undefined> {
    if (this.#items.length === 0 && !signal?.aborted) await this.#arrival(withinMs, signal);
    const item = this.#items[0];
    if (item && item.kind !== "closed") {
      this.#items.shift();
      this.#bytes -= this.#sizeOf(item);
      this.#wakeReader?.();
    }
    return item;
  }

  /** Takes all items that wait, except a close. */
  clear(): T[] {
    const left = this.#items.filter((item) => item.kind !== "closed");
    this.#items.splice(0, left.length);
    this.#bytes = 0;
    this.#wakeReader?.();
    return left;
  }

  /** Whether as much waits as may wait. */
  get full(): boolean {
    return this.#items.length >= this.#limit || this.#bytes >= this.#limitBytes();
  }

  /** Resolves once there is room for more, or the inbox was stopped. */
  async room(): Promise<void> {
    while (!this.#stopped && this.full) {
      await new Promise<void>((resolve) => this.#wakeReader = resolve);
    }
  }

  /** Releases a reader that waits for room. */
  stop(): void {
    this.#stopped = true;
    this.#wakeReader?.();
  }

  #arrival(withinMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        this.#wakeReceiver = undefined;
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      signal?.addEventListener("abort", done);
      this.#wakeReceiver = done;
    });
  }
}
