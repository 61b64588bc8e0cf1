/** So many bytes are kept of a packet, and of all packets that wait unread on a link, of whoever sent them. */
const PACKET_FLOOR = 1024 * 1024;
const WAITING_FLOOR = 256 * 1024;
/** What a broker may add to a message: a topic in place of an alias, a subscription identifier, properties. */
const ADDED = 128 * 1024;
/** How many times what was sent may come back on one link: by several subscriptions, and a second time at QoS 1. */
const COPIES = 4;
/** What an arrival takes besides its bytes. */
export const ARRIVAL_BYTES = 1024;

/**
 * How many bytes are kept of what comes on the links of one conversation. It grows with what was sent there: a broker can only give
 * back what it was given, so that more than this can be no part of what anyone expects.
 */
export class KeptBytes {
  #largest = 0;
  #total = 0;

  /** Bytes of this size have been sent at once. */
  sent(size: number): void {
    this.#largest = Math.max(this.#largest, size);
    this.#total += size + ARRIVAL_BYTES;
  }

  /** How many bytes of one packet are kept. */
  get ofPacket(): number {
    return Math.max(PACKET_FLOOR, this.#largest + ADDED);
  }

  /** How many bytes may wait unread on a link before it stops reading. */
  get waiting(): number {
    return WAITING_FLOOR + COPIES * this.#total;
  }
}
