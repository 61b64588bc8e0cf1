import { DelayLine, type Sleep } from "./delay_line.ts";
import { type Transport, writeAll } from "./transport.ts";

/** The event after the last byte of a direction. */
type OutEnd = "closeWrite" | "close" | "reset";
type InEnd = { readonly error?: unknown };

/** How long the far end may take to accept the last bytes after a close, in ms. */
const LINGER_MS = 1_000;
/** The most bytes per write. */
const WRITE_BYTES = 64 * 1024;

/**
 * Simulates a slow network on a connection: delays bytes of both directions by half the round trip, in order,
 * and a close after them. It owns the underlying connection.
 */
export class DelayedTransport implements Transport {
  readonly #inner: Transport;
  readonly #out: DelayLine<OutEnd>;
  readonly #in: DelayLine<InEnd>;
  readonly #ended: Promise<unknown>;
  readonly #delayMs: number;
  /** Delayed bytes that did not fit into the last read. */
  #rest: Uint8Array | undefined;
  #inEnd: InEnd | undefined;
  #broken: { readonly error: unknown } | undefined;
  #closed = false;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(inner: Transport, roundTripMs: number, now?: () => number, sleep?: Sleep) {
    this.#inner = inner;
    this.#delayMs = roundTripMs / 2;
    this.#out = new DelayLine(this.#delayMs, now, sleep);
    this.#in = new DelayLine(this.#delayMs, now, sleep);
    this.#ended = Promise.all([this.#carryOut(), this.#carryIn()]);
    if (inner.reset) this.reset = () => this.#end("reset");
  }

  /** Resets the underlying connection after the bytes; absent if that is not possible. */
  reset?: () => void;

  /** Resolves when the underlying connection is closed, which is later than {@link close}. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (!this.#closed) {
      if (this.#rest) {
        const size = Math.min(this.#rest.length, into.length);
        into.set(this.#rest.subarray(0, size));
        this.#rest = size < this.#rest.length ? this.#rest.subarray(size) : undefined;
        return size;
      }
      if (this.#inEnd?.error !== undefined) throw this.#inEnd.error;
      if (this.#inEnd) return null;
      const item = await this.#in.take();
      if (item?.kind === "bytes") this.#rest = item.bytes;
      else if (item) this.#inEnd = item.end;
    }
    return null;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#out.room();
    if (this.#broken) throw this.#broken.error;
    if (this.#closed) throw new Deno.errors.BadResource("The connection is closed");
    const part = bytes.slice(0, WRITE_BYTES);
    this.#out.put(part);
    return part.length;
  }

  closeWrite(): Promise<void> {
    if (!this.#closed) this.#out.end("closeWrite");
    return Promise.resolve();
  }

  close(): void {
    this.#end("close");
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #end(how: "close" | "reset"): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#in.cut();
    this.#out.end(how);
    this.#linger = setTimeout(() => this.#closeInner("close"), this.#delayMs + LINGER_MS);
  }

  #closeInner(how: "close" | "reset"): void {
    clearTimeout(this.#linger);
    this.#out.cut();
    try {
      if (how === "reset") return this.#inner.reset?.();
    } catch {
      // A connection that cannot be reset is closed.
    }
    try {
      this.#inner.close();
    } catch {
      // The failed reset, or the linger timeout, has closed it.
    }
  }

  async #carryOut(): Promise<void> {
    for (let item = await this.#out.take(); item; item = await this.#out.take()) {
      try {
        if (item.kind === "bytes") {
          if (!this.#broken) await writeAll(this.#inner, item.bytes);
        } else if (item.end === "closeWrite") await this.#inner.closeWrite?.();
        else return this.#closeInner(item.end);
      } catch (error) {
        // The next write fails, as on a socket; the close still follows.
        this.#broken ??= { error };
      }
    }
  }

  async #carryIn(): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (;;) {
        await this.#in.room();
        const size = await this.#inner.read(buffer);
        if (size === null) return this.#in.end({});
        this.#in.put(buffer.slice(0, size));
      }
    } catch (error) {
      this.#in.end({ error });
    }
  }
}
