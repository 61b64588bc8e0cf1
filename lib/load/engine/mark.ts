/**
 * The mark at the start of each payload identifies the message: its flow, its number in the flow, when it was due and sent,
 * and a checksum over the whole payload. 20 bytes, little-endian:
 *
 * | bytes | field |
 * |---|---|
 * | 0–2 | flow: the number of the publisher and topic among all of the run |
 * | 3 | 0xA7 |
 * | 4–7 | sequence number within the flow, from 0 |
 * | 8–11 | when it was due, in µs since the run's epoch, modulo 2^32 |
 * | 12–15 | checksum |
 * | 16–19 | how long after it was due it was sent, in µs; absent in payloads of 16 to 19 bytes |
 *
 * In a text it stands as `@` and its 20 bytes in hex.
 *
 * Hot path: no allocation, no DataView. Measured with 64-byte payloads: written in 10 ns, read and checked in 70 ns.
 */

/** How many bytes a whole mark has. */
export const MARK_BYTES = 20;
/** The size of the shortest payload: a mark without the moment of sending. */
export const LEAST_BYTES = 16;
/** How many flows marks can distinguish. */
export const MOST_FLOWS = 1 << 24;
/** The length of a mark in a text, in characters. */
export const TEXT_MARK = 1 + 2 * MARK_BYTES;

const MAGIC = 0xa7;
const AT = 0x40;

/** A mark that was read. Callers reuse one object, so that reading allocates nothing. */
export interface ReadMark {
  flow: number;
  sequence: number;
  /** µs modulo 2^32. */
  due: number;
  /** µs after `due`; -1 if the payload is too short to hold it. */
  delay: number;
}

/** Hashes the bytes from `from` to `to`, continuing from `hash`. */
export function hashBytes(bytes: Uint8Array, from: number, to: number, hash = 0x811c9dc5): number {
  let h = hash;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16 |
      (bytes[at + 3] ?? 0) << 24;
    h = Math.imul(h ^ word, 0x9e3779b1);
    h ^= h >>> 15;
  }
  for (; at < to; at++) {
    h = Math.imul(h ^ (bytes[at] ?? 0), 0x01000193);
    h ^= h >>> 13;
  }
  return h;
}

function check(body: number, flow: number, sequence: number, due: number, delay: number): number {
  let h = Math.imul(body ^ flow, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h ^ sequence, 0xc2b2ae35);
  h ^= h >>> 13;
  h = Math.imul(h ^ due, 0x27d4eb2f);
  h ^= h >>> 16;
  h = Math.imul(h ^ delay, 0x165667b1);
  return h ^ h >>> 15;
}

/** Writes a mark at `at`, the beginning of a payload of `size` bytes; `body` is the hash of the bytes after the mark. */
export function writeMark(
  bytes: Uint8Array,
  at: number,
  size: number,
  body: number,
  flow: number,
  sequence: number,
  due: number,
  delay: number,
): void {
  const late = size >= MARK_BYTES ? delay : 0;
  const sum = check(body, flow, sequence, due, late);
  bytes[at] = flow;
  bytes[at + 1] = flow >>> 8;
  bytes[at + 2] = flow >>> 16;
  bytes[at + 3] = MAGIC;
  bytes[at + 4] = sequence;
  bytes[at + 5] = sequence >>> 8;
  bytes[at + 6] = sequence >>> 16;
  bytes[at + 7] = sequence >>> 24;
  bytes[at + 8] = due;
  bytes[at + 9] = due >>> 8;
  bytes[at + 10] = due >>> 16;
  bytes[at + 11] = due >>> 24;
  bytes[at + 12] = sum;
  bytes[at + 13] = sum >>> 8;
  bytes[at + 14] = sum >>> 16;
  bytes[at + 15] = sum >>> 24;
  if (size < MARK_BYTES) return;
  bytes[at + 16] = late;
  bytes[at + 17] = late >>> 8;
  bytes[at + 18] = late >>> 16;
  bytes[at + 19] = late >>> 24;
}

/** What the mark of a payload shows: the payload is right, is corrupted, or is not one of attest's. */
export type Marked = "right" | "corrupted" | "foreign";

/** Reads the mark of the payload from `from` to `to` into `into`, and checks the payload. */
export function readMark(bytes: Uint8Array, from: number, to: number, into: ReadMark): Marked {
  const size = to - from;
  if (size >= LEAST_BYTES && bytes[from + 3] === MAGIC) return readBinary(bytes, from, to, into);
  return readText(bytes, from, to, into);
}

function readBinary(bytes: Uint8Array, from: number, to: number, into: ReadMark): Marked {
  const whole = to - from >= MARK_BYTES;
  into.flow = (bytes[from] ?? 0) | (bytes[from + 1] ?? 0) << 8 | (bytes[from + 2] ?? 0) << 16;
  into.sequence = word(bytes, from + 4) >>> 0;
  into.due = word(bytes, from + 8) >>> 0;
  into.delay = whole ? word(bytes, from + 16) >>> 0 : -1;
  const body = hashBytes(bytes, whole ? from + MARK_BYTES : to, to);
  const sum = check(body, into.flow, into.sequence, into.due | 0, whole ? into.delay | 0 : 0);
  return sum === word(bytes, from + 12) ? "right" : "corrupted";
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16 |
    (bytes[at + 3] ?? 0) << 24;
}

const unhexed = new Uint8Array(MARK_BYTES);

function readText(bytes: Uint8Array, from: number, to: number, into: ReadMark): Marked {
  // indexOf() would search all packets of the read, for each of them.
  const last = to - TEXT_MARK;
  let at = from;
  while (at <= last && bytes[at] !== AT) at++;
  if (at > last || !unhex(bytes, at)) return "foreign";
  return readUnhexed(hashAround(bytes, from, at, to), into);
}

/**
 * Reads the mark at `at` of `bytes`, outside the payload from `from` to `to`, and checks the payload. Returns `foreign`
 * if there is no mark.
 */
export function readMarkBeside(
  bytes: Uint8Array,
  at: number,
  from: number,
  to: number,
  into: ReadMark,
): Marked {
  if (at < 0 || bytes[at] !== AT || !unhex(bytes, at)) return "foreign";
  return readUnhexed(hashBytes(bytes, from, to), into);
}

/** Decodes the hex mark at `at` into `unhexed`; returns whether it is one. */
function unhex(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < MARK_BYTES; index++) {
    const high = digit(bytes[at + 1 + 2 * index] ?? 0);
    const low = digit(bytes[at + 2 + 2 * index] ?? 0);
    if (high < 0 || low < 0) return false;
    unhexed[index] = high << 4 | low;
  }
  return unhexed[3] === MAGIC;
}

function readUnhexed(body: number, into: ReadMark): Marked {
  into.flow = (unhexed[0] ?? 0) | (unhexed[1] ?? 0) << 8 | (unhexed[2] ?? 0) << 16;
  into.sequence = word(unhexed, 4) >>> 0;
  into.due = word(unhexed, 8) >>> 0;
  into.delay = word(unhexed, 16) >>> 0;
  const sum = check(body, into.flow, into.sequence, into.due | 0, into.delay | 0);
  return sum === word(unhexed, 12) ? "right" : "corrupted";
}

/** Hashes a text around the mark at `at`. */
export function hashAround(bytes: Uint8Array, from: number, at: number, to: number): number {
  return hashBytes(bytes, at + TEXT_MARK, to, hashBytes(bytes, from, at));
}

/** Writes a mark in the form for texts at `at`. */
export function writeTextMark(
  bytes: Uint8Array,
  at: number,
  body: number,
  flow: number,
  sequence: number,
  due: number,
  delay: number,
): void {
  writeMark(unhexed, 0, MARK_BYTES, body, flow, sequence, due, delay);
  bytes[at] = AT;
  for (let index = 0; index < MARK_BYTES; index++) {
    const byte = unhexed[index] ?? 0;
    bytes[at + 1 + 2 * index] = DIGITS.charCodeAt(byte >> 4);
    bytes[at + 2 + 2 * index] = DIGITS.charCodeAt(byte & 15);
  }
}

const DIGITS = "0123456789abcdef";

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}
