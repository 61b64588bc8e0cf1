import { pause } from "../ground/wait.ts";
import { type Transport, writeAll } from "../transport/transport.ts";

/** How written data is split into TCP segments: one packet in one, one in several, or several in one. */
export type Segments = "packet" | "split" | "joined";

/** The pause between two segments of a packet in ms. */
const GAP_MS = 2;
/** How long packets are collected for one segment, in ms. */
const GATHER_MS = 30;
/** The most bytes that are collected. */
const GATHERED = 64 * 1024;

/** A connection that sends each packet in several segments: the first two bytes alone, the rest in halves. */
export class SplitTransport implements Transport {
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#inner.read(into);
  }

  async write(bytes: Uint8Array): Promise<number> {
    let from = 0;
    for (const to of [1, 2, 2 + ((bytes.length - 2) >> 1), bytes.length]) {
      if (to <= from || to > bytes.length) continue;
      if (from > 0) await pause(GAP_MS);
      await writeAll(this.#inner, bytes.subarray(from, to));
      from = to;
    }
    return bytes.length;
  }

  close(): void {
    this.#inner.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A connection that collects packets for a moment and sends them in one segment. */
export class JoiningTransport implements Transport {
  readonly #inner: Transport;
  #gathered: Uint8Array[] = [];
  #size = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #over = false;
  readonly #end = Promise.withResolvers<void>();
  /** Resolves when the underlying connection is closed. */
  readonly ended = this.#end.promise;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#inner.read(into);
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.#failure) throw this.#failure.error;
    if (this.#closed) throw new Deno.errors.BadResource("The connection is closed");
    this.#gathered.push(bytes.slice());
    this.#size += bytes.length;
    if (this.#size >= GATHERED) await this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
    return bytes.length;
  }

  /** Closes both directions once the collected data is written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#flush().then(() => this.#closeInner());
  }

  /** Closes immediately; collected data is lost. */
  cut(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#gathered = [];
    this.#size = 0;
    this.#closeInner();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #closeInner(): void {
    if (this.#over) return;
    this.#over = true;
    this.#inner.close();
    this.#end.resolve();
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#gathered.splice(0)) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#size = 0;
    if (bytes.length === 0) return this.#writing;
    return this.#writing = this.#writing.then(() => writeAll(this.#inner, bytes)).catch((error) => {
      this.#failure = { error };
    });
  }
}
