import { pause } from "../ground/wait.ts";
import { type Transport, writeAll } from "../transport/transport.ts";

/** How what is written is cut into TCP segments: a packet in one, in several, or several packets in one. */
export type Segments = "packet" | "split" | "joined";

/** The pause between two segments of a packet, ms. */
const GAP_MS = 2;
/** How long packets are gathered for one segment, ms. */
const GATHER_MS = 30;
/** More than this is not gathered, bytes. */
const GATHERED = 64 * 1024;

/** A connection whose packets each leave in several segments: the first two bytes alone, the rest in halves. */
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

/** A connection whose packets are gathered for a moment and leave in one segment. */
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
  /** Resolves when the connection below is closed. */
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

  /** Ends both directions once what was gathered is written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#flush().then(() => this.#closeInner());
  }

  /** Closes at once; what was gathered is lost. */
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
