import { writeUtf8 } from "./utf8.ts";

/** The largest length of text or binary data that its two-byte prefix can say. */
const FIELD_MAX = 65_535;
/** Room before a packet's body for the longest fixed header. */
const HEADER_ROOM = 5;
// Packets are cut from pieces of this size, since a typed array of its own costs ten times what a view does (measured).
const PIECE = 16 * 1024;
/** A packet that needs more than this and finds no room in the piece gets one of its own. */
const LARGE = PIECE / 4;
/** Text up to this many characters is tried as ASCII first. */
const SHORT_TEXT = 128;

/**
 * Writes one packet after another. A finished packet is a view of a larger buffer of which the writer never touches those bytes
 * again.
 */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(PIECE);
  #begin = 0;
  #at = 0;
  // While a packet is written that has a piece of its own: the piece to go on with, and where in it.
  #spare: Uint8Array | undefined;
  #spareBegin = 0;

  /** Begins a packet and drops one that was not finished. */
  begin(): void {
    if (this.#spare) this.#goBack(this.#spare);
    if (this.#bytes.length - this.#begin < 64) this.#take(PIECE, this.#begin);
    this.#at = this.#begin + HEADER_ROOM;
  }

  /** How many bytes the body has so far. */
  get size(): number {
    return this.#at - this.#begin - HEADER_ROOM;
  }

  /** The body as it stands, a view. */
  get body(): Uint8Array {
    return this.#bytes.subarray(this.#begin + HEADER_ROOM, this.#at);
  }

  /** Puts the fixed header before the body and gives the packet. */
  finish(first: number): Uint8Array {
    const remaining = this.size;
    const width = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x20_0000 ? 3 : 4;
    if (remaining > 268_435_455) {
      throw new RangeError(
        `A packet of ${remaining} bytes is too long; the remaining length can say at most 268435455`,
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
    // A piece of its own serves one packet only, so that the small ones after it do not hold it in memory.
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

  /** A variable byte integer of the low 28 bits of `value`, in its shortest form. */
  variable(value: number): void {
    let rest = value & 0xfff_ffff;
    while (rest >= 0x80) {
      this.byte(0x80 | (rest & 0x7f));
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    if (this.#bytes.length - this.#at < bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Text without a length, as UTF-8. */
  rawText(text: string): void {
    if (this.#bytes.length - this.#at < text.length * 3) this.#grow(text.length * 3);
    this.#at += this.#put(text, this.#at);
  }

  /** Text or bytes with a two-byte length before them. Throws a RangeError over 65,535 bytes. */
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

  /** Puts the length of all that stands behind `from` there, as a variable byte integer; one byte at `from` is kept free for it. */
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

  /** Takes the body back to `size` bytes and gives what stood behind, copied. */
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

  // Goes on in a new piece, with what the unfinished packet has so far.
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
    `${name} has ${size} bytes and its length can say at most 65535; give the whole body as raw bytes to send more`,
  );
}
