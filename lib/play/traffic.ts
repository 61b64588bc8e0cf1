import { KeptBytes } from "../link/kept_bytes.ts";
import { containsBytes, sameBytes } from "../ground/bytes.ts";
import type { PublishPacket, QoS } from "../mqtt/packet.ts";
import { matches } from "../mqtt/topic.ts";

/**
 * What one case has put on a broker, so that a delivery can be told apart: the case's own, the harness's fence, or
 * another's that a wide wildcard let in.
 */
export class Traffic {
  /** The case's own topic prefix. */
  readonly prefix: string;
  /** How much is kept of what comes on the case's connections. */
  readonly kept = new KeptBytes();
  readonly #mark: Uint8Array;
  readonly #published = new Map<string, Uint8Array[]>();
  readonly #retained = new Set<string>();
  /** The lane that published last and at which QoS. */
  last: { readonly lane: string; readonly qos: QoS } | undefined;

  /** `prefix` is the case's topic prefix; `mark` is a text that payloads of this case may carry, unique in the run. */
  constructor(prefix: string, mark: string) {
    this.prefix = prefix;
    this.#mark = new TextEncoder().encode(mark);
  }

  /** Topics at which the case may have left a retained message. */
  get retained(): ReadonlySet<string> {
    return this.#retained;
  }

  /** Remembers a message that the case publishes, or leaves with the broker as a will. */
  published(topic: string, payload: Uint8Array, retain: boolean): void {
    if (!this.#inPrefix(topic)) {
      const payloads = this.#published.get(topic) ?? [];
      if (payloads.length < 1000) payloads.push(payload);
      this.#published.set(topic, payloads);
    }
    if (retain) this.#retained.add(topic);
  }

  /** The topic of the fence with this number. */
  fenceTopic(number: number): string {
    return `${this.prefix}/~fence/${number}`;
  }

  /** Whether a delivery is of a fence of this case. */
  isFence(topic: string): boolean {
    return topic.startsWith(`${this.prefix}/~fence/`);
  }

  /**
   * Whether a delivery is provably not this case's: its topic lies outside the case's prefix, the case never
   * published this message there, and one of the lane's filters lets it in. A message that no filter matches
   * is a wrong delivery, whoever sent it; but what others have retained is there by chance, and no verdict hangs on it.
   */
  isForeign(publish: PublishPacket, filters: Iterable<string>): boolean {
    if (this.#inPrefix(publish.topic)) return false;
    if (containsBytes(publish.payload, this.#mark)) return false;
    const own = this.#published.get(publish.topic);
    if (own?.some((payload) => sameBytes(payload, publish.payload))) return false;
    if (publish.retain) return true;
    for (const filter of filters) {
      if (matches(filter, publish.topic)) return true;
    }
    return false;
  }

  #inPrefix(topic: string): boolean {
    return topic === this.prefix || topic.startsWith(`${this.prefix}/`);
  }
}
