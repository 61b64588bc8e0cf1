import { DelayLine } from "./delay_line.ts";
import { type Transport, writeAll } from "./transport.ts";

/** How many bytes may be on their way in each direction; more wait at their sender. */
const IN_FLIGHT = 256 * 1024;

/** What comes out at the reading end: bytes, the end of the stream, or the error that ended it. */
type Received = Uint8Array | null | { readonly error: unknown };

/** Stands in the outgoing line for the close. */
const CLOSE = new Uint8Array(0);

/**
 * A transport over a slow network: bytes arrive at either end a fixed time after they were sent, in their order, and a
 * close arrives behind them. It owns the transport below it.
 */
export class DelayedTransport implements Transport {
  readonly #inner: Transport;
  readonly #outgoing: DelayLine<Uint8Array>;
  readonly #incoming: DelayLine<Received>;
  #rest: Uint8Array = new Uint8Array(0);
  #closed = false;
  #cut = false;
  #failure: { readonly error: unknown } | undefined;
  /** Resolves when the transport below is closed and nothing runs any more. */
  readonly ended: Promise<void>;

  /** `delayMs` is the time of one way. */
  constructor(inner: Transport, delayMs: number) {
    this.#inner = inner;
    this.#outgoing = new DelayLine(delayMs, IN_FLIGHT);
    this.#incoming = new DelayLine(delayMs, IN_FLIGHT);
    this.ended = Promise.all([this.#send(), this.#receive()]).then(() => {});
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (this.#rest.length === 0) {
      const received = await this.#incoming.next();
      if (received === undefined || received === null) return null;
      if (!(received instanceof Uint8Array)) throw received.error;
      this.#rest = received;
    }
    const size = Math.min(into.length, this.#rest.length);
    into.set(this.#rest.subarray(0, size));
    this.#rest = this.#rest.subarray(size);
    return size;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#outgoing.room();
    if (this.#failure) throw this.#failure.error;
    if (this.#closed) throw new Deno.errors.BadResource("The connection is closed");
    const size = Math.min(bytes.length, this.#outgoing.free);
    this.#outgoing.push(bytes.slice(0, size), size);
    return size;
  }

  /** Ends both directions; what was written before still arrives. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#incoming.stop();
    if (this.#failure) this.cut();
    else this.#outgoing.push(CLOSE, 0);
  }

  /** Closes the transport below at once; what is on its way is lost. */
  cut(): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#closed = true;
    this.#incoming.stop();
    this.#outgoing.stop();
    this.#inner.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #send(): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.#outgoing.next();
        if (!bytes || bytes === CLOSE) return this.cut();
        await writeAll(this.#inner, bytes);
      }
    } catch (error) {
      this.#failure = { error };
      this.#outgoing.stop();
      // The close that stood behind these bytes will not be reached.
      if (this.#closed) this.cut();
    }
  }

  /** Reads on after a close of this end, since unread bytes would make a reset of it. */
  async #receive(): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (;;) {
        await this.#incoming.room();
        const size = await this.#inner.read(buffer);
        this.#incoming.push(size === null ? null : buffer.slice(0, size), size ?? 0);
        if (size === null) return;
      }
    } catch (error) {
      this.#incoming.push({ error }, 0);
    }
  }
}
