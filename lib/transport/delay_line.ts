import { pause } from "../ground/wait.ts";

/** What comes out of a delay line: bytes, or the mark that ends it. */
export type Delayed<End> =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly end: End };

/** Waits for so many milliseconds, or until `signal` aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How many bytes a line holds before it takes no more. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * One direction of a slow network: bytes come out in order, each so many milliseconds after it went in, and the end comes
 * behind them. It holds a bounded number of bytes.
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

  /** Resolves when the line takes more bytes, or was cut. */
  async room(): Promise<void> {
    while (this.#bytes >= MOST_BYTES && !this.#cut.signal.aborted) {
      await new Promise<void>((wake) => this.#wakePutter = wake);
    }
  }

  /** Puts bytes into the line, which keeps them. */
  put(bytes: Uint8Array): void {
    if (!this.#cut.signal.aborted) this.#bytes += bytes.length;
    this.#add({ kind: "bytes", bytes });
  }

  /** Puts the end behind all bytes. */
  end(end: End): void {
    this.#add({ kind: "end", end });
  }

  /** Takes the next item once it is due; undefined when the line was cut. */
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

  /** Forgets all that is in the line; what waits for it goes on. */
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
