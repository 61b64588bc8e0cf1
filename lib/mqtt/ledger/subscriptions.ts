import type { ProtocolVersion, QoS, SubackPacket, SubscribePacket, Subscription } from "../packet.ts";
import { matches, sharedFilter, topicFilterFault } from "../topic.ts";
import { numberOf } from "./property_value.ts";

/** A filter that a client has subscribed to in its session, with everything that it may still cause. */
interface Known {
  readonly filter: string;
  /** The filter inside a shared subscription. */
  readonly inner: string | undefined;
  /** Whether it is a server-specific filter, which may match any topic. */
  readonly odd: boolean;
  /** The connection of the last SUBSCRIBE for it. */
  page: number;
  /** The number of unanswered requests for each QoS. */
  readonly pending: [number, number, number];
  /** The highest QoS that was ever granted; -1 before the first grant. */
  granted: number;
  /** Every subscription identifier that it ever had. */
  readonly identifiers: Set<number>;
  /** How often it may have delivered the retained message of a topic. */
  retained: number;
  /** Whether it was ever subscribed with Retain As Published. */
  asPublished: boolean;
}

/** The most filters, characters of filters, and identifiers per filter that are kept. */
const FILTERS_KEPT = 2000;
const CHARACTERS_KEPT = 512 * 1024;
const IDENTIFIERS_KEPT = 100;

/**
 * All filters that one client ever subscribed to in its session. A replaced or unsubscribed filter is kept,
 * because messages that were queued for it may still come.
 */
export class Subscriptions {
  readonly #known = new Map<string, Known>();
  #characters = 0;
  #complete = true;
  #odd = 0;

  /** Whether all subscriptions of the client are known, and the topics that each filter matches. */
  get complete(): boolean {
    return this.#complete && this.#odd === 0;
  }

  /** Records a SUBSCRIBE on this connection. */
  requested(packet: SubscribePacket, version: ProtocolVersion, page: number): void {
    const identifier = numberOf(packet.properties, "subscriptionIdentifier");
    for (const subscription of packet.subscriptions) {
      const known = this.#of(subscription.filter, version, page);
      if (!known) continue;
      known.page = page;
      known.pending[subscription.qos]++;
      if (subscription.retainHandling !== 2) known.retained++;
      if (subscription.retainAsPublished) known.asPublished = true;
      if (identifier === undefined) continue;
      if (known.identifiers.size < IDENTIFIERS_KEPT) known.identifiers.add(identifier);
      else this.#complete = false;
    }
  }

  /** Records a SUBACK for these subscriptions. */
  answered(subscriptions: readonly Subscription[], { reasons }: SubackPacket): void {
    subscriptions.forEach(({ filter, qos }, at) => {
      const known = this.#known.get(filter);
      if (!known) return;
      known.pending[qos] = Math.max(0, known.pending[qos] - 1);
      // If codes are missing or wrong, the requested QoS may have been granted.
      const code = reasons[at] ?? qos;
      if (code < 0x80) known.granted = Math.max(known.granted, code);
      else if (highest(known) < 0) this.#drop(known);
    });
  }

  /** Returns the highest QoS at which a message of this topic may come, or undefined if no filter matches. */
  highestQoS(topic: string): QoS | undefined {
    const most = Math.max(-1, ...this.#matching(topic).map(highest));
    if (most < 0) return undefined;
    return most >= 2 ? 2 : most === 1 ? 1 : 0;
  }

  /**
   * Returns how many retained messages of this topic the subscriptions may have caused; Infinity if RETAIN
   * says nothing.
   */
  retainedMessages(topic: string): number {
    return this.#matching(topic).reduce(
      (sum, known) => sum + (known.asPublished ? Infinity : known.retained),
      0,
    );
  }

  /** Whether a filter that matches this topic was ever subscribed to with this identifier. */
  hasIdentifier(identifier: number, topic: string | undefined): boolean {
    const among = topic === undefined ? [...this.#known.values()] : this.#matching(topic);
    return among.some(({ identifiers }) => identifiers.has(identifier));
  }

  /** Starts a new session on this connection and discards everything before. */
  begin(page: number): void {
    this.#complete = true;
    for (const known of this.#known.values()) if (known.page !== page) this.#drop(known);
  }

  #of(filter: string, version: ProtocolVersion, page: number): Known | undefined {
    const found = this.#known.get(filter);
    if (found) return found;
    const full = this.#known.size >= FILTERS_KEPT || this.#characters + filter.length > CHARACTERS_KEPT;
    if (full) {
      this.#complete = false;
      return undefined;
    }
    const known: Known = {
      filter,
      inner: sharedFilter(filter)?.filter,
      odd: isOdd(filter, version),
      page,
      pending: [0, 0, 0],
      granted: -1,
      identifiers: new Set(),
      retained: 0,
      asPublished: false,
    };
    this.#known.set(filter, known);
    this.#characters += filter.length;
    if (known.odd) this.#odd++;
    return known;
  }

  #drop(known: Known): void {
    this.#known.delete(known.filter);
    this.#characters -= known.filter.length;
    if (known.odd) this.#odd--;
  }

  #matching(topic: string): Known[] {
    return [...this.#known.values()].filter(({ filter, inner }) =>
      matches(filter, topic) || (inner !== undefined && matches(inner, topic))
    );
  }
}

function highest({ granted, pending }: Known): number {
  return Math.max(granted, pending[2] > 0 ? 2 : pending[1] > 0 ? 1 : pending[0] > 0 ? 0 : -1);
}

/** Whether a filter is invalid, or has a server-specific meaning. */
function isOdd(filter: string, version: ProtocolVersion): boolean {
  if (topicFilterFault(filter, version === "5.0")) return true;
  return filter.startsWith("$") && !filter.startsWith("$SYS/") && sharedFilter(filter) === undefined;
}
