/** How many bytes hold one bit for each packet id. */
const BYTES = 65_536 / 8;

/** The packet ids of the messages that a client receives at QoS 1 and 2, until their exchange is complete. */
export class HeldPacketIds {
  /** One bit for each id; created with the first id, because most clients never hold one. */
  #bits: Uint8Array | undefined;
  #count = 0;
  /** The ids with a last answer that waits to be written; until then the broker can't use them again. */
  readonly #answered: number[] = [];

  /** How many ids are held. */
  get count(): number {
    return this.#count;
  }

  /** Whether an id is held. */
  has(id: number): boolean {
    return ((this.#bits?.[id >>> 3] ?? 0) & 1 << (id & 7)) !== 0;
  }

  /** Holds an id that is not held. */
  hold(id: number): void {
    const bits = this.#bits ??= new Uint8Array(BYTES);
    bits[id >>> 3] = (bits[id >>> 3] ?? 0) | 1 << (id & 7);
    this.#count++;
  }

  /** Records that the last answer to a held id waits to be written. */
  answer(id: number): void {
    this.#answered.push(id);
  }

  /** Releases the answered ids: their answers are being written. */
  written(): void {
    const bits = this.#bits;
    if (!bits || this.#answered.length === 0) return;
    for (const id of this.#answered) bits[id >>> 3] = (bits[id >>> 3] ?? 0) & ~(1 << (id & 7));
    this.#count -= this.#answered.length;
    this.#answered.length = 0;
  }

  /** Drops the waiting answers because the connection is down; their ids stay held. */
  disconnected(): void {
    this.#answered.length = 0;
  }

  /** Releases all ids. */
  clear(): void {
    this.#bits = undefined;
    this.#count = 0;
  }
}
