/** The most bytes that the length of a packet takes. */
const MOST_LENGTH_BYTES = 4;

/** Follows bytes that are sent as they are, to tell whether a packet has begun in them that is not yet whole. */
export class PacketBoundary {
  /** What of a packet comes next: its first byte, the bytes of its length, or so many bytes of its rest. */
  #at: "begin" | "length" | "rest" = "begin";
  #lengthBytes = 0;
  #left = 0;

  /** Whether a packet is not yet whole. */
  get within(): boolean {
    return this.#at !== "begin";
  }

  /** Takes what is sent next. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#at === "rest") {
        const size = Math.min(this.#left, bytes.length - at);
        at += size;
        this.#left -= size;
        if (this.#left === 0) this.#at = "begin";
        continue;
      }
      const byte = bytes[at++] ?? 0;
      if (this.#at === "begin") {
        this.#at = "length";
        this.#lengthBytes = 0;
        this.#left = 0;
        continue;
      }
      this.#left += (byte & 0x7f) * 128 ** this.#lengthBytes++;
      if (byte >= 0x80 && this.#lengthBytes < MOST_LENGTH_BYTES) continue;
      // A longer length is no length, and nobody can read on behind it.
      this.#at = byte < 0x80 && this.#left > 0 ? "rest" : "begin";
    }
  }

  /** Whole packets are sent next, whatever has begun. */
  restart(): void {
    this.#at = "begin";
  }
}
