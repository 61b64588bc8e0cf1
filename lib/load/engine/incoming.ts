/** The first buffer to read into: idle connections keep it, so it is small. Bytes. */
const FIRST_BUFFER = 256;
/** The largest buffer to read into, but for a packet that is larger. */
const MOST_BUFFER = 256 * 1024;
/** The largest packet that is taken, in bytes. */
export const LARGEST_PACKET = 32 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** Who gets the packets that are cut out of a stream. */
export interface PacketTaker {
  /** A packet from `start` to `end` of `bytes`, its body from `body`; the bytes are its own only during the call. */
  packet(bytes: Uint8Array, start: number, body: number, end: number, now: number): void;
  /** The stream can't be cut any further. */
  broken(why: string, bytes: Uint8Array, start: number, end: number): void;
}

/**
 * Cuts what a connection reads into packets, without an object for any of them. It reads into one buffer, which grows
 * when it was full. Hot path: see the measurements in the design.
 */
export class Incoming {
  readonly #taker: PacketTaker;
  #bytes: Uint8Array = NOTHING;
  #length = 0;

  constructor(taker: PacketTaker) {
    this.#taker = taker;
  }

  /** Where to read to, behind what waits. */
  get room(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(FIRST_BUFFER);
    return this.#length === 0 ? this.#bytes : this.#bytes.subarray(this.#length);
  }

  /** Forgets what waits, and lets the memory go. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** Takes `size` bytes that were read into {@link room}. */
  take(size: number, now: number): void {
    const taker = this.#taker;
    const bytes = this.#bytes;
    const end = this.#length + size;
    const full = end === bytes.length;
    let at = 0;
    let needed = 0;
    while (end - at >= 2) {
      let remaining = bytes[at + 1] ?? 0;
      let header = 2;
      if (remaining >= 0x80) {
        remaining &= 0x7f;
        let shift = 7;
        let byte = 0x80;
        while (byte >= 0x80 && at + header < end && shift <= 21) {
          byte = bytes[at + header++] ?? 0;
          remaining |= (byte & 0x7f) << shift;
          shift += 7;
        }
        if (byte >= 0x80) {
          if (shift > 21) return taker.broken("a remaining length of more than four bytes", bytes, at, end);
          break;
        }
      }
      const total = header + remaining;
      if (total > LARGEST_PACKET) return taker.broken(`a packet of ${total} bytes`, bytes, at, end);
      if (total > end - at) {
        needed = total;
        break;
      }
      taker.packet(bytes, at, at + header, at + total, now);
      // The packet may have ended the connection, and with it this buffer.
      if (this.#bytes !== bytes) return;
      at += total;
    }
    if (at > 0 && at < end) bytes.copyWithin(0, at, end);
    this.#length = end - at;
    const wanted = Math.max(needed, full ? Math.min(4 * bytes.length, MOST_BUFFER) : 0);
    if (wanted > bytes.length) {
      const larger = new Uint8Array(wanted);
      larger.set(bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
  }
}
