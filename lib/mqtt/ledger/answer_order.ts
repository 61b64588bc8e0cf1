/** So many kinds are told apart; beyond, the order is watched anew. */
const KINDS_KEPT = 1000;

/**
 * Whether things have their turn in the order in which they came, on one network connection. Things of different kinds have no
 * order among them.
 */
export class AnswerOrder {
  readonly #waiting = new Map<number, { readonly kind: number; readonly at: number }>();
  /** For each kind, the latest that has had its turn. */
  readonly #passed = new Map<number, number>();
  #count = 0;

  /** Something with this packet id has come in and wants an answer; false if one is waiting already. */
  arrived(packetId: number, kind = 0): boolean {
    const first = !this.#waiting.has(packetId);
    this.#waiting.set(packetId, { kind, at: ++this.#count });
    return first;
  }

  /** Whether an answer for this packet id would come behind the answer to something that arrived later. */
  isLate(packetId: number): boolean {
    const waiting = this.#waiting.get(packetId);
    return waiting !== undefined && this.isPassed(waiting.kind, waiting.at);
  }

  /** The answer was sent. */
  answered(packetId: number): void {
    const waiting = this.#waiting.get(packetId);
    if (!waiting) return;
    this.#waiting.delete(packetId);
    this.passed(waiting.kind, waiting.at);
  }

  /** What stands at `at` in the order has had its turn. */
  passed(kind: number, at: number): void {
    if (this.#passed.size >= KINDS_KEPT && !this.#passed.has(kind)) this.#passed.clear();
    this.#passed.set(kind, Math.max(at, this.#passed.get(kind) ?? 0));
  }

  /** Whether something behind `at` has had its turn. */
  isPassed(kind: number, at: number): boolean {
    return at < (this.#passed.get(kind) ?? 0);
  }
}
