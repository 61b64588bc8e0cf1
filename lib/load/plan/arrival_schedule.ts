import { Arrangement, type Arrivals } from "./arrivals.ts";
import type { RateSegment } from "./rate_segment.ts";

/**
 * The times at which the messages of one group come due. Message k, counted from 0, comes due when the integral of the
 * rate reaches k and a half, moved as the {@link Arrivals} say. Every worker and shard computes the times of all
 * messages by itself.
 */
export class ArrivalSchedule {
  /** Messages per millisecond at a share of 1. */
  readonly #full: number;
  readonly #segments: RateSegment[] = [];
  /** How many messages come due before each segment. */
  readonly #before: number[] = [];
  readonly #arrangement: Arrangement | undefined;
  #total = 0;
  #at = 0;

  /** `rate` is in messages per second; `clients` clients send the messages in turn. */
  constructor(
    rate: number,
    segments: readonly RateSegment[],
    arrivals: Arrivals = { kind: "even" },
    clients = 1,
    seed = 0,
  ) {
    this.#full = rate / 1000;
    this.#arrangement = arrivals.kind === "even" ? undefined : new Arrangement(arrivals, clients, seed);
    this.add(segments);
  }

  /** Appends segments. */
  add(segments: readonly RateSegment[]): void {
    for (const segment of segments) {
      this.#segments.push(segment);
      this.#before.push(this.#total);
      this.#total += (segment.fromRate + segment.toRate) / 2 * this.#full * (segment.endMs - segment.startMs);
    }
    this.#arrangement?.extend(this.total);
  }

  /** How many messages come due in all. */
  get total(): number {
    return Math.floor(this.#total + 0.5 + 1e-9);
  }

  /** Whether the times are in the order of the messages. */
  get ordered(): boolean {
    return this.#arrangement?.ordered ?? true;
  }

  /** When message `k` comes due, in milliseconds since the load began; Infinity after the last one. */
  dueAt(k: number): number {
    if (k >= this.total) return Infinity;
    return this.#arrangement
      ? this.#arrangement.dueAt(k, (wanted) => this.#when(wanted))
      : this.#when(k + 0.5);
  }

  /** The time at which the integral of the rate reaches `wanted` messages. */
  #when(wanted: number): number {
    // Callers usually ask in order, so the answer is in this segment or in the next one.
    let at = this.#at;
    while (at > 0 && (this.#before[at] ?? 0) > wanted) at--;
    while (at + 1 < this.#segments.length && (this.#before[at + 1] ?? Infinity) <= wanted) at++;
    this.#at = at;
    const segment = this.#segments[at];
    if (!segment) return Infinity;
    const left = wanted - (this.#before[at] ?? 0);
    const from = segment.fromRate * this.#full;
    const length = segment.endMs - segment.startMs;
    const grows = (segment.toRate * this.#full - from) / length;
    const root = Math.sqrt(Math.max(0, from * from + 2 * grows * left));
    const within = Math.abs(grows) < 1e-15 ? left / from : 2 * left / (from + root);
    return segment.startMs + Math.min(length, within);
  }
}
