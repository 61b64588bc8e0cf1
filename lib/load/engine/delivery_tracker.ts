/**
 * Tracks what each subscription has received of each flow: which messages arrived, which were repeated, which are missing.
 *
 * A *pair* is one flow as one client's subscriptions receive it. It takes 36 bytes, independent of the number of messages: the
 * next sequence number, and the last 128 messages as bits.
 */

/** How a message fits into the sequence of its pair. */
export const enum InSequence {
  /** It is the next one, or the first one after a gap. */
  Next,
  /** It was missing until now. */
  Filled,
  /** It was received before. */
  Again,
}

const WINDOW = 128;
const WORDS = WINDOW / 32;
/** Until the subscription is confirmed, the first arriving message shows where it begins. */
const UNKNOWN = -1;
/** The flag of a member of a shared subscription, beside the QoS. */
const SHARED = 4;

/** What a pair expects of its messages. */
export interface PairPlan {
  readonly flow: number;
  /** The QoS of its deliveries: the lower of the publisher's and the subscription's. */
  readonly qos: number;
  /** Whether it is a member of a shared subscription, which receives only some of the messages. */
  readonly shared: boolean;
}

/** Tracks the pairs of one worker, by their numbers. Hot path: typed arrays, and no allocation per message. */
export class DeliveryTracker {
  #used = 0;
  #flow = new Int32Array(64);
  #next = new Int32Array(64);
  #start = new Int32Array(64);
  #received = new Int32Array(64);
  #kind = new Uint8Array(64);
  #bits = new Int32Array(64 * WORDS);
  readonly #free: number[] = [];

  /** Begins a pair with a pending subscription, and returns its number. */
  begin(plan: PairPlan): number {
    const pair = this.#free.pop() ?? this.#used++;
    if (pair >= this.#flow.length) this.#grow();
    this.#flow[pair] = plan.flow;
    this.#next[pair] = UNKNOWN;
    this.#start[pair] = UNKNOWN;
    this.#received[pair] = 0;
    this.#kind[pair] = plan.qos | (plan.shared ? SHARED : 0);
    this.#bits.fill(0, pair * WORDS, (pair + 1) * WORDS);
    return pair;
  }

  /** Confirms the subscription: messages from the number `sent` on are expected. */
  confirm(pair: number, sent: number): void {
    // Messages that were in transit to the broker may still arrive before that number, in order.
    if (this.#next[pair] === UNKNOWN) this.#start[pair] = sent;
  }

  /** Records a message of a pair. */
  accept(pair: number, sequence: number): InSequence {
    let next = this.#next[pair] ?? 0;
    if (next === UNKNOWN) {
      const start = this.#start[pair] ?? UNKNOWN;
      if (start === UNKNOWN || sequence < start) this.#start[pair] = sequence;
      next = this.#start[pair] ?? sequence;
    }
    if (sequence >= next) {
      this.#advance(pair, next, sequence);
      this.#received[pair] = (this.#received[pair] ?? 0) + 1;
      return InSequence.Next;
    }
    const back = next - sequence;
    const start = this.#start[pair] ?? 0;
    // It was sent before the subscription was confirmed, but it still counts, and the messages after it must arrive as well.
    if (sequence < start) this.#start[pair] = sequence;
    const word = pair * WORDS + (sequence >>> 5) % WORDS;
    const bit = 1 << (sequence & 31);
    if (back <= WINDOW && sequence >= start) {
      if (((this.#bits[word] ?? 0) & bit) !== 0) return InSequence.Again;
      this.#bits[word] = (this.#bits[word] ?? 0) | bit;
    } else if (sequence >= start && next - start - (this.#received[pair] ?? 0) <= 0) {
      // It is too old to have a bit, and nothing is missing.
      return InSequence.Again;
    }
    this.#received[pair] = (this.#received[pair] ?? 0) + 1;
    return InSequence.Filled;
  }

  /** The flow of a pair. */
  flowOf(pair: number): number {
    return this.#flow[pair] ?? 0;
  }

  /** The next sequence number; -1 if the subscription is not confirmed and nothing has arrived. */
  nextOf(pair: number): number {
    return Math.max(this.#next[pair] ?? UNKNOWN, this.#start[pair] ?? UNKNOWN);
  }

  /** The QoS of a pair's deliveries. */
  qosOf(pair: number): number {
    return (this.#kind[pair] ?? 0) & 3;
  }

  /** Whether a pair is a member of a shared subscription. */
  isShared(pair: number): boolean {
    return ((this.#kind[pair] ?? 0) & SHARED) !== 0;
  }

  /** How many different messages a pair has received. */
  receivedOf(pair: number): number {
    return this.#received[pair] ?? 0;
  }

  /** How many messages up to the number `end` were expected; without `end`, up to the last one that arrived. */
  dueOf(pair: number, end?: number): number {
    const start = this.#start[pair] ?? UNKNOWN;
    if (start === UNKNOWN) return 0;
    const next = Math.max(this.#next[pair] ?? UNKNOWN, start);
    return Math.max(end ?? next, next) - start;
  }

  /** Ends a pair; its number is used again. */
  end(pair: number): void {
    this.#free.push(pair);
  }

  #advance(pair: number, next: number, sequence: number): void {
    const base = pair * WORDS;
    if (sequence - next >= WINDOW) this.#bits.fill(0, base, base + WORDS);
    else {
      for (let missing = next; missing < sequence; missing++) {
        const word = base + (missing >>> 5) % WORDS;
        this.#bits[word] = (this.#bits[word] ?? 0) & ~(1 << (missing & 31));
      }
    }
    const word = base + (sequence >>> 5) % WORDS;
    this.#bits[word] = (this.#bits[word] ?? 0) | 1 << (sequence & 31);
    this.#next[pair] = sequence + 1;
  }

  #grow(): void {
    const size = this.#flow.length * 2;
    this.#flow = grown(this.#flow, new Int32Array(size));
    this.#next = grown(this.#next, new Int32Array(size));
    this.#start = grown(this.#start, new Int32Array(size));
    this.#received = grown(this.#received, new Int32Array(size));
    this.#kind = grown(this.#kind, new Uint8Array(size));
    this.#bits = grown(this.#bits, new Int32Array(size * WORDS));
  }
}

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
