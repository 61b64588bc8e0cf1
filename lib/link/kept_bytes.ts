/** The bytes that are always kept of a packet, and of all unread packets on a link, whoever sent them. */
const PACKET_FLOOR = 1024 * 1024;
const WAITING_FLOOR = 256 * 1024;
/**
 * The bytes that a broker may add to a message: a topic in place of an alias, a subscription identifier,
 * properties.
 */
const ADDED = 128 * 1024;
/** How many times a sent message may come back on one link: by several subscriptions, and repeated at QoS 1. */
const COPIES = 4;
/** The cost of an arrival in addition to its bytes. */
export const ARRIVAL_BYTES = 1024;

/**
 * Decides how many bytes of arrivals to keep on the links of one conversation. The limit grows with what was
 * sent: a broker can only return what it was given, so no expectation needs more.
 */
export class KeptBytes {
  #largest = 0;
  #total = 0;

  /** Records that `size` bytes were sent at once. */
  sent(size: number): void {
    this.#largest = Math.max(this.#largest, size);
    this.#total += size + ARRIVAL_BYTES;
  }

  /** How many bytes of one packet are kept. */
  get ofPacket(): number {
    return Math.max(PACKET_FLOOR, this.#largest + ADDED);
  }

  /** How many unread bytes stop a link from reading. */
  get waiting(): number {
    return WAITING_FLOOR + COPIES * this.#total;
  }
}
