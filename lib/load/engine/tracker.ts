/**
 * What each subscription has of each flow: which messages came, which came again, which are missing. A pair takes 36
 * bytes, however many messages it sees: a counter of what is next, and the last 128 messages as bits.
 */

/** What a message turned out to be. */
export const enum Arrival {
  /** The next one, or one behind a gap. */
  Next,
  /** One that was missing. */
  Filled,
  Again,
}

const WINDOW = 128;
const WORDS = WINDOW / 32;
/** The subscription is not confirmed yet, so the first message that comes tells where it begins. */
const UNKNOWN = -1;

/** What a pair may expect of its messages. */
export interface PairPlan {
  readonly flow: number;
  /** The QoS of its deliveries: the lower of the publisher's and the subscription's. */
  readonly qos: number;
  /** One of several members of a shared subscription, which gets only some of the messages. */
  readonly shared: boolean;
}

/** The pairs of one worker, by their numbers. */
export class Tracker {
  #used = 0;
  #flow = new Int32Array(64);
  #next = new Int32Array(64);
  #start = new Int32Array(64);
  #received = new Int32Array(64);
  #kind = new Uint8Array(64);
  #bits = new Int32Array(64 * WORDS);
  readonly #free: number[] = [];

  /** Begins a pair whose subscription is on its way, and gives its number. */
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

  /** The subscription is confirmed: what is sent from `sent` on is due. */
  confirm(pair: number, sent: number): void {
    // What was on its way to the broker may still come before it, in order.
    if (this.#next[pair] === UNKNOWN) this.#start[pair] = sent;
  }

  /** Takes a message. */
  accept(pair: number, sequence: number): Arrival {
    let next = this.#next[pair] ?? 0;
    if (next === UNKNOWN) {
      const start = this.#start[pair] ?? UNKNOWN;
      if (start === UNKNOWN || sequence < start) this.#start[pair] = sequence;
      next = this.#start[pair] ?? sequence;
    }
    if (sequence >= next) {
      this.#advance(pair, next, sequence);
      this.#received[pair] = (this.#received[pair] ?? 0) + 1;
      return Arrival.Next;
    }
    const back = next - sequence;
    const start = this.#start[pair] ?? 0;
    // It was sent before the subscription was confirmed, and still counts: what follows it has to come as well.
    if (sequence < start) this.#start[pair] = sequence;
    const word = pair * WORDS + (sequence >>> 5) % WORDS;
    const bit = 1 << (sequence & 31);
    if (back <= WINDOW && sequence >= start) {
      if (((this.#bits[word] ?? 0) & bit) !== 0) return Arrival.Again;
      this.#bits[word] = (this.#bits[word] ?? 0) | bit;
    } else if (sequence >= start && next - start - (this.#received[pair] ?? 0) <= 0) {
      // Too old to be told by its bit, and nothing is missing.
      return Arrival.Again;
    }
    this.#received[pair] = (this.#received[pair] ?? 0) + 1;
    return Arrival.Filled;
  }

  /** The flow of a pair. */
  flowOf(pair: number): number {
    return this.#flow[pair] ?? 0;
  }

  /** The next sequence number; -1 where the subscription is not confirmed and nothing came. */
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

  /** How many different messages came. */
  receivedOf(pair: number): number {
    return this.#received[pair] ?? 0;
  }

  /** How many of the messages up to `end` were due; `end` absent: up to the last one that came. */
  dueOf(pair: number, end?: number): number {
    const start = this.#start[pair] ?? UNKNOWN;
    if (start === UNKNOWN) return 0;
    const next = Math.max(this.#next[pair] ?? UNKNOWN, start);
    return Math.max(end ?? next, next) - start;
  }

  /** Gives a pair's number back. */
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

const SHARED = 4;

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
