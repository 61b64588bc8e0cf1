import type { Delivery } from "./message.ts";

/** The bounds of a backlog. */
export interface BacklogLimits {
  readonly messages: number;
  /** Of payloads and topics together. */
  readonly bytes: number;
  /** Which message is dropped if too many wait; default the newest. */
  readonly whenFull?: "drop-newest" | "drop-oldest" | undefined;
}

/** How many places may be empty at the front before the rest is moved up. */
const SLACK = 1024;

/** Messages that wait for a client, oldest first, bounded in number and bytes. */
export class Backlog {
  readonly #limits: BacklogLimits;
  #deliveries: Delivery[] = [];
  /** The place of the oldest message. Moving the rest up at every take would make the cost quadratic in the length. */
  #head = 0;
  #bytes = 0;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  /** How many messages wait. */
  get size(): number {
    return this.#deliveries.length - this.#head;
  }

  /** Appends a message. Drops it and returns false if the backlog is full and no other message can be dropped. */
  add(delivery: Delivery): boolean {
    if (this.size >= this.#limits.messages && this.#limits.whenFull === "drop-oldest") this.take();
    const bytes = this.#bytes + sizeOf(delivery);
    if (this.size >= this.#limits.messages || bytes > this.#limits.bytes) return false;
    this.#deliveries.push(delivery);
    this.#bytes = bytes;
    return true;
  }

  /** The oldest message, without removing it. */
  first(): Delivery | undefined {
    return this.#deliveries[this.#head];
  }

  /** All waiting messages, oldest first, without removing them. */
  all(): readonly Delivery[] {
    return this.#deliveries.slice(this.#head);
  }

  /** Removes and returns the oldest message. */
  take(): Delivery | undefined {
    const delivery = this.first();
    if (!delivery) return undefined;
    this.#head++;
    this.#bytes -= sizeOf(delivery);
    if (this.#head > SLACK && this.#head * 2 > this.#deliveries.length) {
      this.#deliveries = this.#deliveries.slice(this.#head);
      this.#head = 0;
    }
    return delivery;
  }
}

function sizeOf(delivery: Delivery): number {
  return delivery.message.topic.length + delivery.message.payload.length;
}
