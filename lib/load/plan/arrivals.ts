/**
 * How the messages of a group are spread over the time that their rate gives them: `even`; `jitter`, where each message
 * of a client is later by up to a share of the time until its next one; or `poisson`, as from many independent senders.
 */
export type Arrivals =
  | { readonly kind: "even" }
  | { readonly kind: "poisson" }
  | { readonly kind: "jitter"; readonly share: number };

/**
 * How many messages of a Poisson process are drawn together: a block of this many is spread at random over the time
 * that it takes on average. A block can be drawn without those before it, and the total number of messages still
 * matches the rate.
 */
const BLOCK = 1_024;

/** Moves messages from their even times. The same seed gives the same times in all workers and shards. */
export class Arrangement {
  readonly #arrivals: Exclude<Arrivals, { readonly kind: "even" }>;
  readonly #clients: number;
  readonly #seed: number;
  /**
   * How many messages there were after each extension: none is moved past the messages that were known when it was laid
   * out.
   */
  readonly #ends: number[] = [];
  #block = -1;
  readonly #drawn = new Float64Array(BLOCK);

  constructor(arrivals: Exclude<Arrivals, { readonly kind: "even" }>, clients: number, seed: number) {
    this.#arrivals = arrivals;
    this.#clients = clients;
    this.#seed = seed;
  }

  /** Whether the times are in the order of the messages. */
  get ordered(): boolean {
    return this.#arrivals.kind === "poisson";
  }

  /** Records that there are `total` messages now. */
  extend(total: number): void {
    if (total > (this.#ends.at(-1) ?? 0)) this.#ends.push(total);
  }

  /**
   * When message `k` comes due; `when` returns the time at which the integral of the rate reaches a number of messages.
   */
  dueAt(k: number, when: (messages: number) => number): number {
    const index = this.#ends.findIndex((one) => k < one);
    const begin = this.#ends[index - 1] ?? 0;
    const end = this.#ends[index] ?? k + 1;
    if (this.#arrivals.kind === "jitter") {
      const at = when(k + 0.5);
      // Not past the client's next message, nor past the last one of all.
      const next = when(Math.min(k + 0.5 + this.#clients, end));
      return at + (next - at) * this.#arrivals.share * hashed(this.#seed, k);
    }
    const block = Math.floor((k - begin) / BLOCK);
    const first = begin + block * BLOCK;
    const count = Math.min(BLOCK, end - first);
    if (first !== this.#block) this.#draw(first, count);
    return when(first + (this.#drawn[k - first] ?? 0) * count);
  }

  #draw(first: number, count: number): void {
    this.#block = first;
    for (let n = 0; n < count; n++) this.#drawn[n] = hashed(this.#seed, first + n);
    this.#drawn.subarray(0, count).sort();
  }
}

/** A number from 0 to below 1 that follows from the seed and the message. */
function hashed(seed: number, k: number): number {
  let state = Math.imul(seed ^ 0x2545f491, 0x9e3779b1) ^ Math.imul(k + 1, 0x85ebca6b);
  state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d);
  state = Math.imul(state ^ state >>> 12, 0x297a2d39);
  state ^= state >>> 15;
  return (state >>> 0) / 2 ** 32;
}
