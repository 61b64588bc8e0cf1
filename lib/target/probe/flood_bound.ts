/** So many packets, and what was sent so many times over, may be held of what a broker sends. */
const PACKETS = 1_000;
const COPIES = 2;
/** A broker that has flooded so many clients floods them all, and so many packets show it again. */
const FLOODED = 12;
const PACKETS_THEN = 300;
/** So many bytes, and so many packets of the greatest size that was sent. */
const BYTES = 48 * 1024 * 1024;
const LARGEST_AT_ONCE = 3;

/**
 * How much all clients of one broker hold together of what it sent. It grows with what they sent: a broker can only give back
 * what it was given, and an acknowledgement, so that one that sends more floods them. What a client held counts until it is gone.
 */
export class FloodBound {
  #sent = 0;
  #packets = 0;
  #bytes = 0;
  #flooded = 0;

  /** Packets have been sent to the broker. */
  sent(packets: number): void {
    this.#sent += packets;
  }

  /** A packet has come; `ofPacket` is how many bytes are kept of one. Gives whether that is too much. */
  take(bytes: number, ofPacket: number): boolean {
    this.#packets++;
    this.#bytes += bytes;
    const packets = this.#flooded < FLOODED ? PACKETS + COPIES * this.#sent : PACKETS_THEN;
    const tooMuch = this.#packets > packets || this.#bytes > BYTES + LARGEST_AT_ONCE * ofPacket;
    if (tooMuch) this.#flooded++;
    return tooMuch;
  }

  /** A client is gone, and with it what it held. */
  release(packets: number, bytes: number): void {
    this.#packets -= packets;
    this.#bytes -= bytes;
  }
}
