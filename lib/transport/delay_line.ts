import { pause } from "../ground/wait.ts";

/** An item from a delay line: bytes, or the mark at its end. */
export type Delayed<End> =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly end: End };

/** Waits `ms` milliseconds, or until `signal` aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The most bytes that a line holds. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * One direction of a slow network: delays bytes and the end mark by a fixed number of milliseconds and keeps
 * their order. It holds a bounded number of bytes.
 */
export class DelayLine<End> {
  readonly #delayMs: number;
  readonly #sleep: Sleep;
  readonly #now: () => number;
  readonly #items: { readonly due: number; readonly item: Delayed<End> }[] = [];
  readonly #cut = new AbortController();
  #bytes = 0;
  #wakeTaker: (() => void) | undefined;
  #wakePutter: (() => void) | undefined;

  constructor(delayMs: number, now: () => number = () => performance.now(), sleep: Sleep = pause) {
    this.#delayMs = delayMs;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Resolves when the line accepts more bytes, or was cut. */
  async room(): Promise<void> {
    while (this.#bytes >= MOST_BYTES && !this.#cut.signal.aborted) {
      await new Promise<void>((wake) => this.#wakePutter = wake);
    }
  }

  /** Puts bytes into the line, which takes ownership of them. */
  put(bytes: Uint8Array): void {
    if (!this.#cut.signal.aborted) this.#bytes += bytes.length;
    this.#add({ kind: "bytes", bytes });
  }

  /** Puts the end mark after all bytes. */
  end(end: End): void {
    this.#add({ kind: "end", end });
  }

  /** Takes the next item after its delay. Returns undefined if the line was cut. */
  async take(): Promise<Delayed<End> | undefined> {
    const { signal } = this.#cut;
    while (!signal.aborted) {
      const first = this.#items[0];
      const waitMs = first ? first.due - this.#now() : 0;
      if (!first) await new Promise<void>((wake) => this.#wakeTaker = wake);
      else if (waitMs > 0) await this.#sleep(waitMs, signal);
      else {
        this.#items.shift();
        if (first.item.kind === "bytes") this.#bytes -= first.item.bytes.length;
        this.#wakePutter?.();
        return first.item;
      }
    }
    return undefined;
  }

  /** Discards everything in the line and wakes all waiters. */
  cut(): void {
    this.#cut.abort();
    this.#items.length = 0;
    this.#bytes = 0;
    this.#wakeTaker?.();
    this.#wakePutter?.();
  }

  #add(item: Delayed<End>): void {
    if (this.#cut.signal.aborted) return;
    this.#items.push({ due: this.#now() + this.#delayMs, item });
    this.#wakeTaker?.();
  }
}
