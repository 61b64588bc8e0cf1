/** The most bytes of a packet's length. */
const MOST_LENGTH_BYTES = 4;

/** Tracks raw bytes that are sent, to know whether an incomplete packet has started in them. */
export class PacketBoundary {
  /** The expected next part of a packet: its first byte, its length, or the rest. */
  #at: "begin" | "length" | "rest" = "begin";
  #lengthBytes = 0;
  #left = 0;

  /** Whether a packet is incomplete. */
  get within(): boolean {
    return this.#at !== "begin";
  }

  /** Records the bytes that are sent next. */
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
      // A longer length is invalid, and nobody can read past it.
      this.#at = byte < 0x80 && this.#left > 0 ? "rest" : "begin";
    }
  }

  /** Records that complete packets are sent next, whatever has started. */
  restart(): void {
    this.#at = "begin";
  }
}
