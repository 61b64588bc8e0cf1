/**
 * The order in which the next messages of many clients come due, if that is not the order of the clients: a binary heap
 * with one message of each client. Hot path: typed arrays, and no allocation per message.
 */
export class DueOrder {
  readonly #dueOf: (slot: number, number: number) => number;
  /**
   * The slots as a heap, with the earliest message at the top; and by slot the number of its message and when it comes
   * due.
   */
  readonly #heap: Int32Array;
  readonly #numbers: Uint32Array;
  readonly #due: Float64Array;

  /** `dueOf` says when message `number` of a client comes due; `slots` is how many clients there are. */
  constructor(slots: number, dueOf: (slot: number, number: number) => number) {
    this.#dueOf = dueOf;
    this.#heap = Int32Array.from({ length: slots }, (_, slot) => slot);
    this.#numbers = new Uint32Array(slots);
    this.#due = new Float64Array(slots);
    this.extend();
  }

  /** The client whose message comes due first. */
  get slot(): number {
    return this.#heap[0] ?? 0;
  }

  /** The number of that message, and when it comes due; Infinity if there is none. */
  get number(): number {
    return this.#numbers[this.slot] ?? 0;
  }

  get dueMs(): number {
    return this.#heap.length === 0 ? Infinity : this.#due[this.slot] ?? Infinity;
  }

  /** Moves on to the next message of the first client. */
  next(): void {
    const { slot } = this;
    const number = this.number + 1;
    this.#numbers[slot] = number;
    this.#due[slot] = this.#dueOf(slot, number);
    this.#sink(0);
  }

  /** Computes the times again when all messages have come due, because the schedule has more of them. */
  extend(): void {
    for (let slot = 0; slot < this.#due.length; slot++) {
      this.#due[slot] = this.#dueOf(slot, this.#numbers[slot] ?? 0);
    }
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const due = this.#due;
    const slot = heap[from] ?? 0;
    const own = due[slot] ?? Infinity;
    let at = from;
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < heap.length && (due[heap[right] ?? 0] ?? 0) < (due[heap[child] ?? 0] ?? 0)) child = right;
      if ((due[heap[child] ?? 0] ?? Infinity) >= own) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = slot;
  }
}
