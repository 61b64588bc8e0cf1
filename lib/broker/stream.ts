import { Decoder } from "../mqtt/decode.ts";
import type { Frame } from "../mqtt/frame.ts";
import { type Transport, writeAll } from "../transport/transport.ts";

/** Above this many bytes that wait to be written, what may wait does. */
const CONGESTED = 1024 * 1024;
/** Above this many the connection is given up. */
const OVERFULL = 64 * 1024 * 1024;
/** How long a connection that ends may take to be written out and closed by its client; ms. */
const LINGER_MS = 500;

/** How segments become packets. */
export interface Segments {
  /** How many packets of one segment are read; the others are lost. */
  readonly packetsPerSegment: number;
  /** Whether a packet may come in several segments. */
  readonly joinsSegments: boolean;
}

export interface StreamEvents {
  /** A packet came. */
  frame(frame: Frame): void;
  /** The client ended the stream, or it broke. */
  ended(broken: boolean): void;
  /** What the end of the stream has left of a packet. */
  unfinished(rest: Uint8Array): void;
  /** What was congested no longer is. */
  drained(): void;
}

/** One client's byte stream as packets: reads and cuts, collects and writes, and closes without losing the last answer. */
export class PacketStream {
  #decoder: Decoder;
  readonly #maximumPacketSize: number;
  readonly #segments: Segments;
  #broken = false;
  readonly #conn: Transport;
  readonly #events: StreamEvents;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #finishing: Promise<void> | undefined;
  #congested = false;
  #closed = false;
  #wakeReader: (() => void) | undefined;
  readonly #readToEnd = Promise.withResolvers<void>();

  constructor(conn: Transport, maximumPacketSize: number, segments: Segments, events: StreamEvents) {
    this.#conn = conn;
    this.#events = events;
    this.#segments = segments;
    this.#maximumPacketSize = maximumPacketSize;
    this.#decoder = new Decoder({ version: "3.1.1", maximumPacketSize });
  }

  /** What cuts the stream into packets, and knows the version. */
  get decoder(): Decoder {
    return this.#decoder;
  }

  /** Whether more bytes wait to be written than should. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Reads until the stream is closed from either side. Throws what the handling of a packet throws. */
  async run(): Promise<void> {
    const buffer = new Uint8Array(8 * 1024);
    let filled = 0;
    try {
      for (let size = await this.#read(buffer); size !== null; size = await this.#read(buffer)) {
        if (this.#finishing) continue;
        filled = size;
        this.#decoder.push(buffer.subarray(0, size));
        this.#readPackets();
        // A client that does not read its answers is not read from.
        if (this.#congested && !this.#stopsReading) {
          await new Promise<void>((wake) => this.#wakeReader = wake);
        }
      }
    } finally {
      this.#readToEnd.resolve();
      const { buffered } = this.#decoder;
      if (buffered > 0) this.#events.unfinished(buffer.subarray(Math.max(0, filled - buffered), filled));
      this.#events.ended(this.#broken);
      await this.#finishing;
      this.close();
      await this.#writing;
    }
  }

  /** Queues bytes; all that one event leads to is written in one piece. */
  write(bytes: Uint8Array): void {
    if (this.#closed || this.#finishing) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > CONGESTED) this.#congested = true;
    if (this.#pendingBytes > OVERFULL) return this.close();
    this.#writing ??= this.#writeOut();
  }

  /** Writes what waits, then closes; a client that does not follow within `lingerMs` is cut off. */
  finish(lingerMs: number = LINGER_MS): void {
    // A broker that stops waits for no client that has yet to follow.
    if (this.#finishing && lingerMs === 0 && !this.#writing) return this.close();
    if (!this.#closed) this.#finishing ??= this.#finish(lingerMs);
  }

  /** Closes at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
    this.#wakeReader?.();
  }

  get #stopsReading(): boolean {
    return this.#closed || this.#finishing !== undefined;
  }

  #readPackets(): void {
    const { packetsPerSegment, joinsSegments } = this.#segments;
    let read = 0;
    for (let frame = this.#next(); frame && read < packetsPerSegment; frame = this.#next()) {
      read++;
      this.#events.frame(frame);
    }
    if (joinsSegments && read < packetsPerSegment) return;
    const { version } = this.#decoder;
    this.#decoder = new Decoder({ version, maximumPacketSize: this.#maximumPacketSize });
  }

  #next(): Frame | undefined {
    return this.#stopsReading ? undefined : this.#decoder.next();
  }

  async #read(buffer: Uint8Array): Promise<number | null> {
    try {
      return await this.#conn.read(buffer);
    } catch {
      // However a socket fails, the connection is gone.
      this.#broken = true;
      return null;
    }
  }

  async #finish(lingerMs: number): Promise<void> {
    this.#wakeReader?.();
    const timer = setTimeout(() => this.close(), LINGER_MS);
    await this.#writing;
    try {
      // Closing with bytes unread would reset the connection and could take the last packet with it, so the reading
      // goes on until the client has seen the end.
      if (!this.#closed) await this.#conn.closeWrite?.();
      if (lingerMs > 0) await this.#readToEnd.promise;
    } catch {
      // The client was faster.
    }
    clearTimeout(timer);
    this.close();
  }

  async #writeOut(): Promise<void> {
    // The rest of this turn of the event loop joins in.
    await Promise.resolve();
    try {
      while (this.#pending.length > 0 && !this.#closed) {
        const bytes = join(this.#pending, this.#pendingBytes);
        this.#pending = [];
        this.#pendingBytes = 0;
        await writeAll(this.#conn, bytes);
        this.#relax();
      }
    } catch {
      this.close();
    }
    this.#writing = undefined;
  }

  #relax(): void {
    if (!this.#congested || this.#pendingBytes > CONGESTED / 2) return;
    this.#congested = false;
    this.#wakeReader?.();
    this.#events.drained();
  }
}

/** Has small packets sent without delay. */
export function sendAtOnce(conn: Deno.TcpConn): void {
  try {
    conn.setNoDelay(true);
  } catch {
    // A connection that is gone already shows it when it is read.
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const only = chunks.length === 1 ? chunks[0] : undefined;
  if (only) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
