interface Waiting {
  readonly kind: number;
  readonly first: number;
  last: number;
}

/** So many kinds are told apart; beyond, the order is watched anew. */
const KINDS_KEPT = 1000;

/**
 * Whether answers come in the order of what they answer, on one network connection. Things of different kinds have no order
 * among them.
 */
export class AnswerOrder {
  readonly #waiting = new Map<number, Waiting>();
  /** For each kind, the latest arrival that has its answer. */
  readonly #answered = new Map<number, number>();
  #count = 0;

  /** Something with this packet id has come in and wants an answer. */
  arrived(packetId: number, kind = 0): void {
    const at = ++this.#count;
    const waiting = this.#waiting.get(packetId);
    // What came again may be answered as the first or as the last of its kind.
    if (waiting) waiting.last = at;
    else this.#waiting.set(packetId, { kind, first: at, last: at });
  }

  /** Whether an answer for this packet id would come behind the answer to something that arrived later. */
  isLate(packetId: number): boolean {
    const waiting = this.#waiting.get(packetId);
    return waiting !== undefined && waiting.last < (this.#answered.get(waiting.kind) ?? 0);
  }

  /** The answer was sent. */
  answered(packetId: number): void {
    const waiting = this.#waiting.get(packetId);
    if (!waiting) return;
    this.#waiting.delete(packetId);
    this.passed(waiting.kind, waiting.first);
  }

  /** What was `at` in the order has had its turn. */
  passed(kind: number, at: number): void {
    if (this.#answered.size >= KINDS_KEPT && !this.#answered.has(kind)) this.#answered.clear();
    this.#answered.set(kind, Math.max(at, this.#answered.get(kind) ?? 0));
  }

  /** Whether something behind `at` has had its turn. */
  isPassed(kind: number, at: number): boolean {
    return at < (this.#answered.get(kind) ?? 0);
  }

  /** What happened is no longer known. */
  forget(): void {
    this.#waiting.clear();
    this.#answered.clear();
  }
}
