/** The most kinds that are tracked separately; beyond that the order is tracked from scratch. */
const KINDS_KEPT = 1000;

/**
 * Checks that answers come in the order of arrivals on one network connection. Arrivals of different kinds
 * are not ordered.
 */
export class AnswerOrder {
  readonly #waiting = new Map<number, { readonly kind: number; readonly at: number }>();
  /** For each kind, the latest arrival that was answered. */
  readonly #passed = new Map<number, number>();
  #count = 0;

  /** Records an arrival with this packet id that needs an answer. Returns false if one already waits. */
  arrived(packetId: number, kind = 0): boolean {
    const first = !this.#waiting.has(packetId);
    this.#waiting.set(packetId, { kind, at: ++this.#count });
    return first;
  }

  /** Whether an answer for this packet id would come after the answer to a later arrival. */
  isLate(packetId: number): boolean {
    const waiting = this.#waiting.get(packetId);
    return waiting !== undefined && this.isPassed(waiting.kind, waiting.at);
  }

  /** Records that the answer was sent. */
  answered(packetId: number): void {
    const waiting = this.#waiting.get(packetId);
    if (!waiting) return;
    this.#waiting.delete(packetId);
    this.passed(waiting.kind, waiting.at);
  }

  /** Records that the arrival at position `at` was answered. */
  passed(kind: number, at: number): void {
    if (this.#passed.size >= KINDS_KEPT && !this.#passed.has(kind)) this.#passed.clear();
    this.#passed.set(kind, Math.max(at, this.#passed.get(kind) ?? 0));
  }

  /** Whether an arrival after position `at` was answered. */
  isPassed(kind: number, at: number): boolean {
    return at < (this.#passed.get(kind) ?? 0);
  }
}
