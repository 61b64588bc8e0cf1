/** The size of the first read buffer, in bytes. Idle connections keep it, so it is small. */
const FIRST_BUFFER = 128;
/** The largest read buffer, in bytes, unless a packet is larger. */
const MOST_BUFFER = 256 * 1024;
/** How many times as large as the received part of an incomplete packet the buffer may become. */
const GROWTH = 4;
/** The largest packet that a client accepts, in bytes. */
export const LARGEST_PACKET = 32 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** Receives the packets of a stream. */
export interface PacketHandler {
  /** Called with a packet from `start` to `end` of `bytes`, its body from `body`. The bytes are valid only during the call. */
  packet(bytes: Uint8Array, start: number, body: number, end: number, now: number): void;
  /** Called if the stream can't be split any further. */
  broken(why: string, bytes: Uint8Array, start: number, end: number): void;
}

/**
 * Splits the bytes of a connection into packets, in one buffer that grows when a read fills it.
 *
 * Hot path: no object for a packet. Measured: a read in Deno takes 10 to 20 µs whatever its size, so the buffer grows to hold
 * many packets.
 */
export class PacketSplitter {
  readonly #handler: PacketHandler;
  #bytes: Uint8Array = NOTHING;
  #length = 0;

  constructor(handler: PacketHandler) {
    this.#handler = handler;
  }

  /** Where the next read goes: after the bytes of an incomplete packet. */
  get room(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(FIRST_BUFFER);
    return this.#length === 0 ? this.#bytes : this.#bytes.subarray(this.#length);
  }

  /** Drops the bytes of an incomplete packet, and the buffer. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** Splits `size` bytes that were read into {@link room} at `now`. */
  take(size: number, now: number): void {
    const handler = this.#handler;
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
          if (shift > 21) return handler.broken("a remaining length of more than four bytes", bytes, at, end);
          break;
        }
      }
      const total = header + remaining;
      if (total > LARGEST_PACKET) return handler.broken(`a packet of ${total} bytes`, bytes, at, end);
      if (total > end - at) {
        needed = total;
        break;
      }
      handler.packet(bytes, at, at + header, at + total, now);
      // The packet may have ended the connection, and with it this buffer.
      if (this.#bytes !== bytes) return;
      at += total;
    }
    if (at > 0 && at < end) bytes.copyWithin(0, at, end);
    this.#length = end - at;
    // Don't trust a length alone: the buffer grows with the received bytes, so a header costs no more than its bytes.
    const trusted = Math.min(needed, Math.max(MOST_BUFFER, GROWTH * this.#length));
    const wanted = Math.max(trusted, full ? Math.min(4 * bytes.length, MOST_BUFFER) : 0);
    if (wanted > bytes.length) {
      const larger = new Uint8Array(wanted);
      larger.set(bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
  }
}
