/** A publisher must wait while this many bytes wait to be written. */
const MOST_WAITING = 64 * 1024;
/** The largest buffer that is kept after a write, in bytes. */
const KEPT_BUFFER = 256 * 1024;

const NOTHING = new Uint8Array(0);

/** The bytes that wait to be written to one connection: a growing buffer, and a spare one during a write. */
export class WriteBuffer {
  /** The buffer; the waiting bytes are its first {@link length} bytes. */
  bytes: Uint8Array = NOTHING;
  /** How many bytes wait. */
  length = 0;
  #spare: Uint8Array | undefined;

  /** Whether a publisher may add more. */
  get open(): boolean {
    return this.length < MOST_WAITING;
  }

  /** Appends `length` bytes, and returns where they begin in {@link bytes}; the caller fills them. */
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

  /** Returns the waiting bytes for a write; later bytes go into another buffer. */
  take(): Uint8Array {
    const taken = this.bytes;
    this.bytes = this.#spare ?? NOTHING;
    this.#spare = undefined;
    this.length = 0;
    return taken;
  }

  /** Returns a written buffer for reuse. */
  keep(bytes: Uint8Array): void {
    if (bytes.length <= KEPT_BUFFER) this.#spare = bytes;
  }

  /** Drops all waiting bytes. */
  clear(): void {
    this.bytes = NOTHING;
    this.length = 0;
    this.#spare = undefined;
  }
}
