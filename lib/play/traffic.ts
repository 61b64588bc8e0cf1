import { KeptBytes } from "../link/kept_bytes.ts";
import { containsBytes, sameBytes } from "../ground/bytes.ts";
import type { PublishPacket, QoS } from "../mqtt/packet.ts";
import { matches } from "../mqtt/topic.ts";

/**
 * What one case has sent to a broker. It distinguishes the case's own deliveries from the harness's fences
 * and from foreign messages that match a wide wildcard.
 */
export class Traffic {
  /** The case's own topic prefix. */
  readonly prefix: string;
  /** How much of the arrivals on the case's connections is kept. */
  readonly kept = new KeptBytes();
  readonly #mark: Uint8Array;
  readonly #published = new Map<string, Uint8Array[]>();
  readonly #retained = new Set<string>();
  /** The lane that published last, and its QoS. */
  last: { readonly lane: string; readonly qos: QoS } | undefined;

  /**
   * `prefix` is the case's topic prefix; `mark` is a text, unique in the run, that payloads of this case may
   * contain.
   */
  constructor(prefix: string, mark: string) {
    this.prefix = prefix;
    this.#mark = new TextEncoder().encode(mark);
  }

  /** Topics at which the case may have left a retained message. */
  get retained(): ReadonlySet<string> {
    return this.#retained;
  }

  /** Records a message that the case publishes, or leaves with the broker as a will. */
  published(topic: string, payload: Uint8Array, retain: boolean): void {
    if (!this.#inPrefix(topic)) {
      const payloads = this.#published.get(topic) ?? [];
      if (payloads.length < 1000) payloads.push(payload);
      this.#published.set(topic, payloads);
    }
    if (retain) this.#retained.add(topic);
  }

  /** Returns the topic of the fence with this number. */
  fenceTopic(number: number): string {
    return `${this.prefix}/~fence/${number}`;
  }

  /** Whether a delivery belongs to a fence of this case. */
  isFence(topic: string): boolean {
    return topic.startsWith(`${this.prefix}/~fence/`);
  }

  /**
   * Whether a delivery provably does not belong to this case: its topic is outside the case's prefix, the
   * case never published this message there, and one of the lane's filters matches it. A message that no
   * filter matches is a wrong delivery, whoever sent it. Messages that others have retained are there by
   * chance, so no verdict depends on them.
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
