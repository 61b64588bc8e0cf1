import type { QoS, Subscription } from "../mqtt/packet.ts";
import { matches as rightMatches, sharedFilter } from "../mqtt/topic.ts";
import { Alarms } from "./alarms.ts";
import type { Behaviour } from "./behaviour.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import { RetainedStore } from "./retained.ts";
import { type Held, type Peer, Session } from "./session.ts";
import type { BrokerState, StoredSession } from "./state.ts";
import { SubscriptionTable } from "./subscriptions.ts";
import { type HeldWill, willMessage } from "./will.ts";

/** The bounds of what a broker keeps. */
export interface Limits {
  /** Sessions, with those that are stored. */
  readonly sessions: number;
  readonly subscriptionsPerSession: number;
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  readonly retainedMessages: number;
  readonly retainedBytes: number;
}

/** A client that asks for its session. */
export interface Opening {
  readonly clientId: string;
  readonly cleanStart: boolean;
  /** Seconds for which the session is to be kept after the close. */
  readonly expirySeconds: number;
  readonly will?: HeldWill;
  readonly peer: Peer;
}

/**
 * All that a broker knows, without its sockets: sessions, subscriptions, retained messages and wills, and the way of a
 * message from its publisher to its subscribers.
 */
export class Exchange implements Disposable {
  readonly behaviour: Behaviour;
  /** The broker's clock in ms. */
  readonly now: () => number;
  readonly #limits: Limits;
  readonly #exact: boolean;
  readonly #sessions = new Map<string, Session>();
  readonly #subscriptions: SubscriptionTable;
  readonly #retained: RetainedStore;
  readonly #alarms = new Alarms();

  constructor(behaviour: Behaviour, limits: Limits, now: () => number) {
    this.behaviour = behaviour;
    this.now = now;
    this.#limits = limits;
    this.#exact = behaviour.matches === rightMatches;
    this.#subscriptions = new SubscriptionTable(behaviour.matches, this.#exact);
    this.#retained = new RetainedStore(limits.retainedMessages, limits.retainedBytes);
    for (const [topic, text] of ABOUT) this.#retained.store(aboutItself(topic, text));
  }

  /** Whether a client id has a session, connected or stored. */
  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  /**
   * Gives a client its session, stored or new, after the older connection of the same client id was ended; undefined
   * when no more sessions can be kept.
   */
  open(opening: Opening): { readonly session: Session; readonly resumed: boolean } | undefined {
    const { clientId, peer } = opening;
    let stored = this.#sessions.get(clientId);
    if (stored?.peer && this.behaviour.takesOver) {
      // [MQTT-3.1.4-2]
      stored.peer.end("takeover", SESSION_TAKEN_OVER);
      stored = this.#sessions.get(clientId);
    }
    this.#alarms.cancel(`expiry ${clientId}`);
    const resumed = stored !== undefined && this.behaviour.resumes(opening.cleanStart);
    if (resumed && this.behaviour.callsOffWill) this.#alarms.cancel(`will ${clientId}`); // [MQTT-3.1.3-9] of 5.0
    if (!resumed && stored) this.#end(stored);
    if (!resumed && this.#sessions.size >= this.#limits.sessions) return undefined;
    const session = resumed && stored ? stored : this.#newSession(clientId);
    this.#sessions.set(clientId, session);
    session.peer = peer;
    session.expirySeconds = opening.expirySeconds;
    if (opening.will || this.behaviour.forgetsWill) session.will = opening.will;
    return { session, resumed };
  }

  /** A client's connection is over: its will goes out if it is due, its session into storage or away. */
  close(session: Session, peer: Peer, cause: CloseCause): void {
    if (session.peer !== peer) return;
    session.peer = undefined;
    const keptSeconds = this.behaviour.keptSeconds(session.expirySeconds, cause);
    this.#settleWill(session, cause, keptSeconds);
    if (keptSeconds === 0) return this.#end(session);
    this.behaviour.onStore(session, (filter) => this.#subscriptions.remove(session, filter));
    const { clientId } = session;
    if (keptSeconds !== Infinity) {
      this.#alarms.set(`expiry ${clientId}`, keptSeconds * 1000, () => this.#end(session));
    }
  }

  /** What a CONNECT does that was refused; a right one does nothing. */
  refused(clientId: string, will: HeldWill | undefined): void {
    const { refusedEffect } = this.behaviour;
    if (refusedEffect === "nothing") return;
    const stored = this.#sessions.get(clientId);
    if (refusedEffect === "takeover") stored?.peer?.end("takeover", SESSION_TAKEN_OVER);
    if (refusedEffect === "clean" && stored) this.#end(stored);
    if (refusedEffect === "will" && will) this.publish(willMessage(will, this.now()));
  }

  /** Keeps a message where it is to be retained, and hands it to every matching subscription. */
  publish(message: Message): void {
    const change = this.behaviour.retains(message, this.#retained.get(message.topic));
    if (change === "store") this.#retained.store(this.behaviour.retained(message));
    else if (change === "clear") this.#retained.clear(message.topic);
    for (const matching of this.#subscriptions.find(message.topic)) {
      // [MQTT-3.8.3-3] of 5.0
      const allowed = matching.filter((held) => !held.noLocal || held.session.clientId !== message.publisher);
      for (const held of this.behaviour.copies(allowed)) this.#deliverLive(message, held);
    }
  }

  /** Adds a subscription; gives whether an identical filter was there before, or undefined when there are too many. */
  subscribe(
    session: Session,
    subscription: Subscription,
    identifier: number | undefined,
    shared: boolean,
  ): { readonly granted: QoS; readonly existed: boolean } | undefined {
    const { filter } = subscription;
    const existed = session.subscriptions.has(filter);
    if (!existed && session.subscriptions.size >= this.#limits.subscriptionsPerSession) return undefined;
    const granted = this.behaviour.granted(subscription.qos);
    const held: Held = {
      session,
      filter,
      qos: granted,
      noLocal: subscription.noLocal,
      retainAsPublished: subscription.retainAsPublished,
      shared,
      ...(identifier === undefined ? {} : { identifier }),
    };
    if (!existed || this.behaviour.replacesSubscription) this.#subscriptions.add(held, shared);
    return { granted, existed };
  }

  /** Sends a new or renewed subscription the retained messages that match it. [MQTT-3.3.1-6] */
  sendRetained(session: Session, filter: string, shared: boolean): void {
    const held = session.subscriptions.get(filter);
    if (!held || (shared && sharedFilter(filter))) return;
    // A filter without wildcards needs no scan, if only its own topic name matches it.
    const only = this.#exact && !/[+#]/.test(filter);
    const now = this.now();
    const matching = this.#retained.find(
      only ? filter : (topic) => this.behaviour.matches(filter, topic),
      now,
    );
    for (const message of matching) {
      if (held.noLocal && message.publisher === session.clientId) continue;
      const qos = this.behaviour.deliveryQos(message.qos, [held.qos]);
      // [MQTT-3.3.1-8]
      const retain = this.behaviour.retainFlag(true, "store");
      this.#give(session, { message, qos, retain, identifiers: identifiersOf([held]) });
    }
  }

  /** Removes the subscription with exactly this filter; gives whether there was one. */
  unsubscribe(session: Session, filter: string): boolean {
    return this.#subscriptions.remove(session, filter);
  }

  /** What is to outlive the broker, once all connections are closed. A will that is held back is not part of it. */
  state(): BrokerState {
    const sessions = [...this.#sessions.values()].map((session): StoredSession => ({
      clientId: session.clientId,
      expirySeconds: session.expirySeconds,
      subscriptions: [...session.subscriptions.values()].map(({ session: _, ...held }) => held),
      received: [...session.received],
      unacknowledged: [...session.unacknowledged],
      released: [...session.released],
      queue: session.queue.all(),
    }));
    const retained = this.#retained.find((topic) => !topic.startsWith("$SYS/"), this.now());
    return structuredClone({ retained, sessions });
  }

  /** Takes over what another broker has kept. */
  restore(state: BrokerState): void {
    const { retained, sessions } = this.behaviour.restores(state);
    for (const message of retained) this.#retained.store(message);
    for (const stored of sessions) {
      const session = this.#newSession(stored.clientId);
      this.#sessions.set(stored.clientId, session);
      session.expirySeconds = stored.expirySeconds;
      for (const held of stored.subscriptions) this.#subscriptions.add({ ...held, session }, held.shared);
      for (const packetId of stored.received) session.received.add(packetId);
      for (const [packetId, delivery] of stored.unacknowledged) {
        session.unacknowledged.set(packetId, delivery);
      }
      for (const [packetId, delivery] of stored.released) session.released.set(packetId, delivery);
      for (const delivery of stored.queue) session.queue.add(delivery);
      if (stored.expirySeconds !== Infinity) {
        this.#alarms.set(`expiry ${stored.clientId}`, stored.expirySeconds * 1000, () => this.#end(session));
      }
    }
  }

  #newSession(clientId: string): Session {
    return new Session(clientId, { messages: this.#limits.queuedMessages, bytes: this.#limits.queuedBytes });
  }

  /** Forgets every timer; nothing is published any more. */
  [Symbol.dispose](): void {
    this.#alarms[Symbol.dispose]();
  }

  #deliverLive(message: Message, held: readonly Held[]): void {
    const session = held[0]?.session;
    if (!session) return;
    const qos = this.behaviour.deliveryQos(message.qos, held.map((one) => one.qos));
    // [MQTT-3.3.1-9] [MQTT-3.3.1-13 of 5.0]
    const asPublished = message.retain && held.some((one) => one.retainAsPublished);
    const retain = this.behaviour.retainFlag(asPublished, "live");
    this.#give(session, { message, qos, retain, identifiers: identifiersOf(held) });
  }

  #give(session: Session, right: Delivery): void {
    for (const delivery of this.behaviour.deliveries(right, session)) {
      if (session.peer) session.peer.deliver(delivery);
      else if (this.behaviour.keepsOffline(delivery, session)) session.queue.add(delivery);
    }
  }

  #settleWill(session: Session, cause: CloseCause, keptSeconds: number): void {
    const { will } = session;
    if (this.behaviour.forgetsWill) session.will = undefined;
    if (!will || !this.behaviour.publishesWill(cause)) return;
    const delaySeconds = Math.min(this.behaviour.willDelaySeconds(will.delaySeconds), keptSeconds);
    const publish = () => {
      for (const message of this.behaviour.wills(willMessage(will, this.now()))) this.publish(message);
    };
    if (delaySeconds === 0) publish();
    else this.#alarms.set(`will ${session.clientId}`, delaySeconds * 1000, publish);
  }

  #end(session: Session): void {
    // [MQTT-3.1.2-8] of 5.0: a will that is held back goes out when the session ends.
    this.#alarms.ringNow(`will ${session.clientId}`);
    this.#alarms.cancel(`expiry ${session.clientId}`);
    this.#subscriptions.removeAll(session);
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId);
  }
}

const SESSION_TAKEN_OVER = 0x8e;

/** What the broker says of itself, at topic names that no filter with a wildcard in front may reach. [MQTT-4.7.2-1] */
const ABOUT: readonly (readonly [topic: string, text: string])[] = [
  ["$SYS/broker", "attest"],
  ["$SYS/broker/version", "attest reference broker"],
];

function aboutItself(topic: string, text: string): Message {
  const payload = new TextEncoder().encode(text);
  return { topic, payload, qos: 0, retain: true, dup: false, publisher: "", properties: [] };
}

function identifiersOf(held: readonly Held[]): number[] {
  return held.flatMap((one) => one.identifier === undefined ? [] : [one.identifier]);
}
