import type { Transport } from "../transport/transport.ts";
import { toBinary } from "./binary.ts";
import type { Sleep } from "./sleep.ts";

/** The longest command line in bytes; a longer one is cut and counts as wrong [ECMT-AT-8]. */
const LONGEST_LINE = 4096;

const CR = 0x0d;
const LF = 0x0a;

/** A command line without its CR; `overlong` if its end was dropped. */
export interface Line {
  readonly kind: "line";
  readonly text: string;
  readonly overlong: boolean;
}

/** How data entry ended. */
export type Entered =
  | { readonly kind: "sent"; readonly text: string; readonly overlong: boolean; readonly terminator: number }
  | { readonly kind: "cancelled" }
  /** The guard time ended the data entry. */
  | { readonly kind: "expired" };

/** The serial line ended, or the module was power-cycled. */
export interface Interrupted {
  readonly kind: "ended" | "restarted";
}

/** The rules of one data entry. */
export interface DataEntry {
  /** The number of bytes after which data ends, whatever they are. */
  readonly length?: number | undefined;
  /** The most bytes of data; more are dropped, and the entry is overlong. */
  readonly limit: number;
  readonly guardMs: number;
  /** Returns whether and how a byte ends the data. */
  readonly end: (byte: number) => "send" | "cancel" | undefined;
  /** Whether a byte ends data with a given length early. */
  readonly endsCounted: (byte: number) => boolean;
  /** Whether only the last byte of a read can end the data. */
  readonly onlyLast: boolean;
}

/** The input side of the serial line, read on demand, so early input waits. */
export class SerialInput {
  readonly #transport: Transport;
  readonly #typed: (bytes: Uint8Array) => void;
  readonly #sleep: Sleep;
  #rest: Uint8Array = new Uint8Array(0);
  #reading: Promise<Uint8Array | null> | undefined;
  #wake: ((by: Interrupted) => void) | undefined;

  /** `typed` is called with each piece as it is read, for the echo. */
  constructor(transport: Transport, typed: (bytes: Uint8Array) => void, sleep: Sleep) {
    this.#transport = transport;
    this.#typed = typed;
    this.#sleep = sleep;
  }

  /** Discards pending input, and interrupts a wait for more. */
  restart(): void {
    this.#rest = new Uint8Array(0);
    this.#sleep.restart();
    this.#wake?.({ kind: "restarted" });
  }

  /** Reads the next line; skips LF, and CR alone [ECMT-AT-1]. */
  async line(): Promise<Line | Interrupted> {
    const line: number[] = [];
    let overlong = false;
    for (;;) {
      const chunk = await this.#chunk();
      if ("kind" in chunk) {
        if (chunk.kind === "expired") continue;
        return chunk;
      }
      for (const [at, byte] of chunk.entries()) {
        if (byte === CR && line.length > 0) {
          this.#take(chunk, chunk[at + 1] === LF ? at + 2 : at + 1);
          return { kind: "line", text: toBinary(Uint8Array.from(line)), overlong };
        }
        if (byte === CR || (byte === LF && line.length === 0)) continue;
        if (line.length < LONGEST_LINE) line.push(byte);
        else overlong = true;
      }
      this.#take(chunk, chunk.length);
    }
  }

  /** Reads the data after a prompt. */
  async data(entry: DataEntry): Promise<Entered | Interrupted> {
    const data: number[] = [];
    let overlong = false;
    const until = performance.now() + entry.guardMs;
    for (;;) {
      const chunk = await this.#chunk(Math.max(0, until - performance.now()));
      if ("kind" in chunk) return chunk;
      for (const [at, byte] of chunk.entries()) {
        if (entry.length !== undefined) {
          const cut = entry.endsCounted(byte);
          if (!cut) data.push(byte);
          if (!cut && data.length < entry.length) continue;
          this.#take(chunk, at + 1);
          return { kind: "sent", text: toBinary(Uint8Array.from(data)), overlong, terminator: byte };
        }
        const end = entry.onlyLast && at < chunk.length - 1 ? undefined : entry.end(byte);
        if (end) this.#take(chunk, at + 1);
        if (end === "cancel") return { kind: "cancelled" };
        if (end === "send") {
          return { kind: "sent", text: toBinary(Uint8Array.from(data)), overlong, terminator: byte };
        }
        if (data.length < entry.limit) data.push(byte);
        else overlong = true;
      }
      this.#take(chunk, chunk.length);
    }
  }

  /** Returns unread input without consuming it, or reads more. */
  async #chunk(guardMs?: number): Promise<Uint8Array | Interrupted | { readonly kind: "expired" }> {
    if (this.#rest.length > 0) return this.#rest;
    const reading = this.#reading ??= this.#read();
    const waiting = Promise.withResolvers<Uint8Array | null | Interrupted | { readonly kind: "expired" }>();
    this.#wake = waiting.resolve;
    const guard = guardMs === undefined
      ? undefined
      : setTimeout(() => waiting.resolve({ kind: "expired" }), guardMs);
    reading.then(waiting.resolve);
    const first = await waiting.promise;
    clearTimeout(guard);
    this.#wake = undefined;
    if (first === null) return { kind: "ended" };
    if (first instanceof Uint8Array) {
      this.#reading = undefined;
      this.#rest = first;
    }
    return first;
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(4096);
    try {
      for (;;) {
        const size = await this.#transport.read(buffer);
        if (size === null) return null;
        const heard = this.#sleep.heard(buffer.subarray(0, size));
        if (heard.length > 0) return heard;
      }
    } catch {
      return null;
    }
  }

  #take(chunk: Uint8Array, size: number): void {
    this.#typed(chunk.subarray(0, size));
    this.#rest = chunk.subarray(size);
  }
}
