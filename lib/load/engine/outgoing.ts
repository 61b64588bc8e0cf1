/** The most that waits to be written before a publisher is held back, in bytes. */
const MOST_WAITING = 64 * 1024;
/** A buffer to write from that is larger than this is let go once it is written. */
const KEPT_BUFFER = 256 * 1024;

const NOTHING = new Uint8Array(0);

/** What waits to be written on one connection: one buffer that grows, and a spare one while the other is written. */
export class Outgoing {
  /** The buffer; what waits is at its beginning. */
  bytes: Uint8Array = NOTHING;
  /** How many bytes wait. */
  length = 0;
  #spare: Uint8Array | undefined;

  /** Whether more may be put up. */
  get open(): boolean {
    return this.length < MOST_WAITING;
  }

  /** Makes room for `length` bytes behind what waits, and gives where they go in {@link bytes}. */
  reserve(length: number): number {
    const at = this.length;
    const end = at + length;
    if (end > this.bytes.length) {
      const size = Math.max(end, Math.min(2 * this.bytes.length, MOST_WAITING + length), 128);
      const larger = new Uint8Array(size);
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    this.length = end;
    return at;
  }

  /** Takes what waits, to write it; what comes meanwhile goes into another buffer. */
  take(): Uint8Array {
    const taken = this.bytes;
    this.bytes = this.#spare ?? NOTHING;
    this.#spare = undefined;
    this.length = 0;
    return taken;
  }

  /** Gives a buffer back that was written. */
  keep(bytes: Uint8Array): void {
    if (bytes.length <= KEPT_BUFFER) this.#spare = bytes;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.bytes = NOTHING;
    this.length = 0;
    this.#spare = undefined;
  }
}
