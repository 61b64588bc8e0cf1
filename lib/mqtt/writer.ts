import { writeUtf8 } from "./utf8.ts";

/** The largest length of text or binary data that a two-byte prefix can express. */
const FIELD_MAX = 65_535;
/** The room before a packet's body for the longest fixed header. */
const HEADER_ROOM = 5;
// Packets are views of chunks of this size, because a separate typed array costs ten times as much as a view
// (measured).
const PIECE = 16 * 1024;
/** The size above which a packet that does not fit in the chunk gets its own. */
const LARGE = PIECE / 4;
/** The longest text that is tried as ASCII first, in characters. */
const SHORT_TEXT = 128;

/**
 * Writes one packet after another. A finished packet is a view of a larger buffer; the writer never touches
 * its bytes again.
 */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(PIECE);
  #begin = 0;
  #at = 0;
  // While a packet with its own chunk is written: the shared chunk and the position to continue at.
  #spare: Uint8Array | undefined;
  #spareBegin = 0;

  /** Starts a packet and drops an unfinished one. */
  begin(): void {
    if (this.#spare) this.#goBack(this.#spare);
    if (this.#bytes.length - this.#begin < 64) this.#take(PIECE, this.#begin);
    this.#at = this.#begin + HEADER_ROOM;
  }

  /** The current size of the body in bytes. */
  get size(): number {
    return this.#at - this.#begin - HEADER_ROOM;
  }

  /** The current body, as a view. */
  get body(): Uint8Array {
    return this.#bytes.subarray(this.#begin + HEADER_ROOM, this.#at);
  }

  /** Writes the fixed header before the body and returns the packet. */
  finish(first: number): Uint8Array {
    const remaining = this.size;
    const width = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x20_0000 ? 3 : 4;
    if (remaining > 268_435_455) {
      throw new RangeError(
        `A packet of ${remaining} bytes is too long; the remaining length is at most 268435455`,
      );
    }
    const bytes = this.#bytes;
    const start = this.#begin + HEADER_ROOM - 1 - width;
    bytes[start] = first;
    let at = start + 1;
    let value = remaining;
    while (value >= 0x80) {
      bytes[at++] = 0x80 | (value & 0x7f);
      value >>>= 7;
    }
    bytes[at] = value;
    const packet = bytes.subarray(start, this.#at);
    this.#begin = this.#at;
    // A separate chunk holds one packet only, so later small packets do not keep it in memory.
    if (this.#spare) this.#goBack(this.#spare);
    return packet;
  }

  byte(value: number): void {
    if (this.#at === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#at++] = value;
  }

  twoBytes(value: number): void {
    if (this.#bytes.length - this.#at < 2) this.#grow(2);
    this.#bytes[this.#at++] = value >>> 8;
    this.#bytes[this.#at++] = value;
  }

  fourBytes(value: number): void {
    this.twoBytes(value >>> 16);
    this.twoBytes(value);
  }

  /** Writes the low 28 bits of `value` as a variable byte integer in its shortest form. */
  variable(value: number): void {
    let rest = value & 0xfff_ffff;
    while (rest >= 0x80) {
      this.byte(0x80 | (rest & 0x7f));
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Writes bytes without a length. */
  raw(bytes: Uint8Array): void {
    if (this.#bytes.length - this.#at < bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes text as UTF-8 without a length. */
  rawText(text: string): void {
    if (this.#bytes.length - this.#at < text.length * 3) this.#grow(text.length * 3);
    this.#at += this.#put(text, this.#at);
  }

  /** Writes text or bytes after a two-byte length. Throws a RangeError over 65,535 bytes. */
  field(value: string | Uint8Array, name: string): void {
    const { length } = value;
    if (length > FIELD_MAX) throw tooLong(name, length);
    if (typeof value !== "string") {
      this.twoBytes(length);
      this.raw(value);
      return;
    }
    if (this.#bytes.length - this.#at < 2 + length * 3) this.#grow(2 + length * 3);
    const start = this.#at;
    const size = this.#put(value, start + 2);
    if (size > FIELD_MAX) throw tooLong(name, size);
    this.#bytes[start] = size >>> 8;
    this.#bytes[start + 1] = size;
    this.#at = start + 2 + size;
  }

  /**
   * Writes the length of everything after `from` at `from`, as a variable byte integer; the caller has
   * reserved one byte there.
   */
  putLength(from: number): void {
    const at = this.#begin + HEADER_ROOM + from;
    const size = this.#at - at - 1;
    if (size < 0x80) {
      this.#bytes[at] = size;
      return;
    }
    const list = this.cutBack(from + 1);
    this.#at = at;
    this.variable(size);
    this.raw(list);
  }

  /** Truncates the body to `size` bytes and returns a copy of the rest. */
  cutBack(size: number): Uint8Array {
    const from = this.#begin + HEADER_ROOM + size;
    const tail = this.#bytes.slice(from, this.#at);
    this.#at = from;
    return tail;
  }

  #put(text: string, at: number): number {
    const bytes = this.#bytes;
    const { length } = text;
    if (length > SHORT_TEXT) return writeUtf8(text, bytes, at);
    for (let n = 0; n < length; n++) {
      const code = text.charCodeAt(n);
      if (code >= 0x80) return writeUtf8(text, bytes, at);
      bytes[at + n] = code;
    }
    return length;
  }

  #grow(more: number): void {
    const written = this.#at - this.#begin;
    const needed = written + more;
    if (needed <= LARGE) this.#take(PIECE, this.#at);
    else this.#take(written > LARGE ? needed * 2 : needed, this.#at);
  }

  // Continue in a new chunk with the unfinished packet's bytes.
  #take(size: number, end: number): void {
    if (size !== PIECE && !this.#spare) {
      this.#spare = this.#bytes;
      this.#spareBegin = this.#begin;
    }
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(this.#begin, end));
    this.#at = end - this.#begin;
    this.#begin = 0;
    this.#bytes = bytes;
  }

  #goBack(spare: Uint8Array): void {
    this.#bytes = spare;
    this.#begin = this.#spareBegin;
    this.#spare = undefined;
  }
}

function tooLong(name: string, size: number): RangeError {
  return new RangeError(
    `${name} has ${size} bytes, but its length is at most 65535; give the whole body as raw bytes to ` +
      "send more",
  );
}
