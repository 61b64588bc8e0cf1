/** The fixed number of packets from a broker that may be held; a multiple of what was sent is added. */
const PACKETS = 1_000;
const COPIES = 2;
/**
 * The number of flooded clients after which a broker is assumed to flood all, and a few packets show it
 * again.
 */
const FLOODED = 12;
const PACKETS_THEN = 300;
/** The fixed number of bytes; a number of packets of the largest sent size is added. */
const BYTES = 48 * 1024 * 1024;
const LARGEST_AT_ONCE = 3;

/**
 * Limits what all clients of one broker hold together of what it sent. The limit grows with what they sent: a
 * broker can only return what it was given, plus acknowledgements, so one that sends more floods them. What a
 * client held counts until it is closed.
 */
export class FloodBound {
  #sent = 0;
  #packets = 0;
  #bytes = 0;
  #flooded = 0;

  /** Records packets sent to the broker. */
  sent(packets: number): void {
    this.#sent += packets;
  }

  /**
   * Records a received packet; `ofPacket` is how many bytes of one are kept. Returns whether that is too
   * much.
   */
  take(bytes: number, ofPacket: number): boolean {
    this.#packets++;
    this.#bytes += bytes;
    const packets = this.#flooded < FLOODED ? PACKETS + COPIES * this.#sent : PACKETS_THEN;
    const tooMuch = this.#packets > packets || this.#bytes > BYTES + LARGEST_AT_ONCE * ofPacket;
    if (tooMuch) this.#flooded++;
    return tooMuch;
  }

  /** Releases what a closed client held. */
  release(packets: number, bytes: number): void {
    this.#packets -= packets;
    this.#bytes -= bytes;
  }
}
