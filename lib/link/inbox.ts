/**
 * The queue of arrivals on a link, in order. A close is its last item and stays: each later call returns it
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
   * `limit` is how many items may wait before {@link room} blocks the reader, `limitBytes` how many bytes;
   * `sizeOf` returns the bytes of an item.
   */
  constructor(limit: number, limitBytes: () => number, sizeOf: (item: T) => number) {
    this.#limit = limit;
    this.#limitBytes = limitBytes;
    this.#sizeOf = sizeOf;
  }

  /** The number of waiting items. */
  get waiting(): number {
    return this.#items.length;
  }

  /** Adds an item at the end. */
  put(item: T): void {
    this.#items.push(item);
    this.#bytes += this.#sizeOf(item);
    this.#wakeReceiver?.();
  }

  /** Returns the next item, if there is one, without removing it. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Whether an item arrives before `withinMs` pass or `signal` aborts. */
  async comes(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#items.length === 0 && !signal?.aborted) await this.#arrival(withinMs, signal);
    return this.#items.length > 0;
  }

  /** Takes the next item. Returns undefined if `withinMs` pass or `signal` aborts first. */
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

  /** Takes all waiting items, except a close. */
  clear(): T[] {
    const left = this.#items.filter((item) => item.kind !== "closed");
    this.#items.splice(0, left.length);
    this.#bytes = 0;
    this.#wakeReader?.();
    return left;
  }

  /** Whether the inbox has reached its limit. */
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
