import { Decoder } from "../mqtt/decode.ts";
import type { Frame } from "../mqtt/frame.ts";
import { pause } from "../ground/wait.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import type { CloseCause } from "./message.ts";

/** The broker closes a connection with more unwritten bytes than this. */
const OVERFULL = 64 * 1024 * 1024;
/** How long an ending connection may take to write its last bytes and be closed by its client; ms. */
const LINGER_MS = 500;
/** Causes of an end that come from the client; the broker does not answer them with a reset. */
const BY_CLIENT: readonly CloseCause[] = ["network", "broken", "disconnect", "disconnect-with-will"];

/** How the stream turns segments into packets, and packets into segments. */
export type Segments = Pick<
  BrokerBehaviour,
  | "packetsPerSegment"
  | "joinsSegments"
  | "readBytes"
  | "readGapMs"
  | "gathersMs"
  | "pieces"
  | "pieceGapMs"
  | "congestedBytes"
  | "closesAfterMs"
  | "resets"
>;

/** The events of a client's stream. */
export interface StreamEvents {
  /** A packet arrived. */
  frame(frame: Frame): void;
  /** The client ended the stream, or it broke. */
  ended(broken: boolean): void;
  /** The stream ended within a packet; `rest` is the incomplete packet. */
  unfinished(rest: Uint8Array): void;
  /** The stream is no longer congested. */
  drained(): void;
}

/** The byte stream of one client as packets. It closes without losing the last answer. */
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
  readonly #over = new AbortController();

  constructor(conn: Transport, maximumPacketSize: number, segments: Segments, events: StreamEvents) {
    this.#conn = conn;
    this.#events = events;
    this.#segments = segments;
    this.#maximumPacketSize = maximumPacketSize;
    this.#decoder = new Decoder({ version: "3.1.1", maximumPacketSize });
  }

  /** The decoder that cuts the stream into packets, and knows the version. */
  get decoder(): Decoder {
    return this.#decoder;
  }

  /** Whether too many bytes wait to be written. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Reads until the stream is closed from either side. Throws what the handling of a packet throws. */
  async run(): Promise<void> {
    const buffer = new Uint8Array(8 * 1024);
    let filled = 0;
    try {
      for (;;) {
        const size = await this.#read(buffer.subarray(0, this.#segments.readBytes));
        if (size === null) break;
        if (this.#finishing) continue;
        filled = size;
        this.#decoder.push(buffer.subarray(0, size));
        this.#readPackets();
        // Stop reading from a client that does not read its answers.
        if (this.#congested && !this.#stopsReading) {
          await new Promise<void>((wake) => this.#wakeReader = wake);
        }
        const { readGapMs } = this.#segments;
        if (readGapMs > 0) await pause(readGapMs, this.#over.signal);
      }
    } finally {
      this.#readToEnd.resolve();
      this.#over.abort();
      const { buffered } = this.#decoder;
      if (buffered > 0) this.#events.unfinished(buffer.subarray(Math.max(0, filled - buffered), filled));
      this.#events.ended(this.#broken);
      await this.#finishing;
      this.close();
      await this.#writing;
    }
  }

  /** Queues bytes; all bytes of one event go into one write. */
  write(bytes: Uint8Array): void {
    if (this.#closed || this.#finishing) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > this.#segments.congestedBytes) this.#congested = true;
    if (this.#pendingBytes > OVERFULL) return this.close();
    this.#writing ??= this.#writeOut();
  }

  /** Writes the queued bytes, then closes. A client that does not close in time is cut off. */
  finish(cause: CloseCause): void {
    // A broker that stops does not wait for clients to close.
    if (this.#finishing && cause === "stop" && !this.#writing) return this.close();
    if (!this.#closed) this.#finishing ??= this.#finish(cause);
  }

  /** Closes at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#over.abort();
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
      // Whatever the error, the connection is lost.
      this.#broken = true;
      return null;
    }
  }

  async #finish(cause: CloseCause): Promise<void> {
    this.#wakeReader?.();
    const afterMs = cause === "stop" ? 0 : this.#segments.closesAfterMs(cause);
    const timer = setTimeout(() => this.close(), LINGER_MS + afterMs);
    await this.#writing;
    if (afterMs > 0) await pause(afterMs, this.#over.signal);
    try {
      if (this.#segments.resets && !BY_CLIENT.includes(cause)) this.#reset();
      // Closing with unread bytes would reset the connection and could lose the last packet, so reading continues until
      // the client has seen the end.
      if (!this.#closed) await this.#conn.closeWrite?.();
      if (cause !== "stop") await this.#readToEnd.promise;
    } catch {
      // The client closed first.
    }
    clearTimeout(timer);
    this.close();
  }

  #reset(): void {
    if (this.#closed || !this.#conn.reset) return;
    this.#closed = true;
    this.#over.abort();
    this.#conn.reset();
  }

  async #writeOut(): Promise<void> {
    // Bytes queued later in this turn of the event loop join the same write.
    await Promise.resolve();
    try {
      while (this.#pending.length > 0 && !this.#closed) {
        const { gathersMs } = this.#segments;
        if (gathersMs > 0 && !this.#finishing) await pause(gathersMs, this.#over.signal);
        const bytes = join(this.#pending, this.#pendingBytes);
        this.#pending = [];
        this.#pendingBytes = 0;
        await this.#writePieces(bytes);
        this.#relax();
      }
    } catch {
      this.close();
    }
    this.#writing = undefined;
  }

  async #writePieces(bytes: Uint8Array): Promise<void> {
    const { pieceGapMs } = this.#segments;
    let written = 0;
    for (const piece of this.#segments.pieces(bytes)) {
      if (written > 0 && pieceGapMs > 0) await pause(pieceGapMs, this.#over.signal);
      if (this.#closed) return;
      await writeAll(this.#conn, piece);
      written += piece.length;
    }
  }

  #relax(): void {
    if (!this.#congested || this.#pendingBytes > this.#segments.congestedBytes / 2) return;
    this.#congested = false;
    this.#wakeReader?.();
    this.#events.drained();
  }
}

/** Turns off Nagle's algorithm so that small packets are sent without delay. */
export function sendAtOnce(conn: Deno.TcpConn): void {
  try {
    conn.setNoDelay(true);
  } catch {
    // If the connection is already lost, the next read reports it.
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
