import type { QoS, Subscription } from "../mqtt/packet.ts";
import { matches as rightMatches, sharedFilter } from "../mqtt/topic.ts";
import { Alarms } from "./alarms.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import { dropPart } from "./refused.ts";
import { RetainedStore } from "./retained.ts";
import { type Held, type Peer, Session } from "./session.ts";
import { type BrokerState, storedSession } from "./state.ts";
import { SubscriptionTable } from "./subscriptions.ts";
import { type HeldWill, willMessage } from "./will.ts";

/** The bounds of the state that a broker stores. */
export interface Limits {
  /** Sessions, including stored ones. */
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
  /** Seconds for which the broker keeps the session after the close. */
  readonly expirySeconds: number;
  readonly will: HeldWill | undefined;
  readonly peer: Peer;
}

/**
 * All state of a broker without its sockets: sessions, subscriptions, retained messages and wills, and the path of a
 * message from its publisher to its subscribers.
 */
export class Exchange implements Disposable {
  readonly behaviour: BrokerBehaviour;
  /** The broker's clock in ms. */
  readonly now: () => number;
  readonly #limits: Limits;
  readonly #exact: boolean;
  readonly #sessions = new Map<string, Session>();
  readonly #subscriptions: SubscriptionTable;
  readonly #retained: RetainedStore;
  readonly #alarms = new Alarms();
  #lateWills = 0;

  constructor(behaviour: BrokerBehaviour, limits: Limits, now: () => number) {
    this.behaviour = behaviour;
    this.now = now;
    this.#limits = limits;
    this.#exact = behaviour.matches === rightMatches;
    this.#subscriptions = new SubscriptionTable(behaviour, this.#exact);
    this.#retained = new RetainedStore({
      get messages() {
        return behaviour.mostRetained(limits.retainedMessages);
      },
      bytes: limits.retainedBytes,
    });
    for (const message of this.#aboutItself()) this.#retained.store(message);
    this.#tellAboutItself(behaviour.aboutItselfEveryMs);
  }

  /** Whether a client id has a session, connected or stored. */
  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  /**
   * Ends the older connection with the same client id, and returns the client's session, stored or new; undefined if
   * the broker can't keep more sessions.
   */
  open(opening: Opening): { readonly session: Session; readonly resumed: boolean } | undefined {
    const { clientId, peer } = opening;
    let stored = this.#sessions.get(clientId);
    if (stored?.peer && this.behaviour.takesOver) {
      // [MQTT-3.1.4-2]
      stored.peer.end("takeover", SESSION_TAKEN_OVER);
      stored = this.#sessions.get(clientId);
    }
    if (this.behaviour.sessionTimer === "last") this.#alarms.cancel(`expiry ${clientId}`);
    const resumed = stored !== undefined && this.behaviour.resumes(opening.cleanStart);
    if (resumed && this.behaviour.callsOffWill) this.#alarms.cancel(`will ${clientId}`); // [MQTT-3.1.3-9] of 5.0
    if (!resumed && stored) this.#end(stored);
    if (!resumed && this.#sessions.size >= this.#limits.sessions) return undefined;
    const session = resumed && stored ? stored : this.#newSession(clientId);
    this.#sessions.set(clientId, session);
    session.peer = peer;
    session.expirySeconds = opening.expirySeconds;
    if (opening.will || this.behaviour.forgetsWill) session.will = opening.will;
    this.behaviour.onOpen(session);
    return { session, resumed };
  }

  /** Ends a client's connection: publishes its will if required, and stores or drops its session. */
  close(session: Session, peer: Peer, cause: CloseCause): void {
    if (session.peer !== peer) return;
    session.peer = undefined;
    const keptSeconds = this.behaviour.keptSeconds(session.expirySeconds, cause);
    this.#settleWill(session, cause);
    if (keptSeconds === 0) return this.#end(session);
    session.expirySeconds = keptSeconds;
    this.behaviour.onStore(session, (filter) => this.#subscriptions.remove(session, filter));
    const timer = `expiry ${session.clientId}`;
    if (this.behaviour.sessionTimer === "first" && this.#alarms.has(timer)) return;
    if (keptSeconds !== Infinity) this.#alarms.set(timer, keptSeconds * 1000, () => this.#end(session));
  }

  /** Applies the side effect of a refused CONNECT; a correct broker has none. */
  refused(clientId: string, will: HeldWill | undefined): void {
    const { refusedEffect } = this.behaviour;
    if (refusedEffect === "nothing") return;
    const stored = this.#sessions.get(clientId);
    if (refusedEffect === "takeover") stored?.peer?.end("takeover", SESSION_TAKEN_OVER);
    if (refusedEffect === "clean" && stored) this.#end(stored);
    if (stored) dropPart(stored, refusedEffect);
    if (refusedEffect === "timers") {
      this.#alarms.cancel(`will ${clientId}`);
      this.#alarms.cancel(`expiry ${clientId}`);
    }
    if (refusedEffect === "will" && will) this.publish(willMessage(will, this.now()));
  }

  /**
   * Stores a message with RETAIN 1, and delivers the message to every matching subscription. Returns the number of
   * deliveries.
   */
  publish(message: Message): number {
    const change = this.behaviour.retains(message, this.#retained.get(message.topic));
    if (change === "store") this.#retained.store(this.behaviour.retained(message));
    else if (change === "clear") this.#retained.clear(message.topic);
    let reached = 0;
    for (const matching of this.#subscriptions.find(message.topic)) {
      // [MQTT-3.8.3-3] of 5.0
      const allowed = matching.filter((held) =>
        held.session.clientId !== message.publisher || !this.behaviour.noLocal(held, message, matching)
      );
      for (const held of this.behaviour.copies(allowed)) {
        if (held.length > 0) reached++;
        this.#deliverLive(message, held);
      }
    }
    return reached;
  }

  /** Applies the side effect of a refused message; a correct broker has none. */
  refusedMessage(message: Message): void {
    const { refusedMessageEffect } = this.behaviour;
    if (refusedMessageEffect === "delivery") this.publish({ ...message, retain: false });
    if (refusedMessageEffect === "retention" && message.retain) this.#retained.store(message);
  }

  /** Adds a subscription; returns whether the same filter existed before, or undefined if there are too many. */
  subscribe(
    session: Session,
    subscription: Subscription,
    granted: QoS,
    identifier: number | undefined,
    shared: boolean,
  ): { readonly existed: boolean } | undefined {
    const { filter, noLocal, retainAsPublished } = subscription;
    const existed = session.subscriptions.has(filter);
    const most = this.behaviour.mostSubscriptions(this.#limits.subscriptionsPerSession);
    if (!existed && session.subscriptions.size >= most) return undefined;
    const held: Held = { session, filter, qos: granted, noLocal, retainAsPublished, shared, identifier };
    if (!existed || this.behaviour.replacesSubscription) this.#subscriptions.add(held, shared);
    return { existed };
  }

  /** Sends the retained messages that match a new or renewed subscription. [MQTT-3.3.1-6] */
  sendRetained(session: Session, filter: string, shared: boolean): void {
    const held = session.subscriptions.get(filter);
    if (!held || (shared && sharedFilter(filter))) return;
    // A filter without wildcards needs no scan if it matches only its own topic name.
    const only = this.#exact && !/[+#]/.test(filter);
    const now = this.behaviour.dropsExpired("store") ? this.now() : -Infinity;
    const matching = this.#retained.find(
      only ? filter : (topic) => this.behaviour.matches(filter, topic),
      now,
    );
    for (const message of this.behaviour.retainedOrder(matching)) {
      const own = held.noLocal && message.publisher === session.clientId;
      if (own && this.behaviour.noLocalForRetained) continue;
      const qos = this.behaviour.deliveryQos(message.qos, [held.qos]);
      // [MQTT-3.3.1-8]
      const retain = this.behaviour.retainFlag(true, "store");
      this.#give(session, { message, qos, retain, identifiers: this.behaviour.identifiers([held], "store") });
    }
  }

  /** Called when a client of this session has re-authenticated; a correct broker changes nothing then. */
  authenticatedAgain(session: Session): void {
    this.behaviour.onReAuthenticated(session, (filter) => this.#subscriptions.remove(session, filter));
  }

  /** Removes the subscription with exactly this filter; returns whether there was one. */
  unsubscribe(session: Session, filter: string): boolean {
    return this.#subscriptions.remove(session, filter);
  }

  /** The state for the next broker, once all connections are closed. Delayed wills are not part of it. */
  state(): BrokerState {
    const sessions = [...this.#sessions.values()].map(storedSession);
    const retained = this.#retained.find((topic) => !topic.startsWith("$SYS/"), this.now());
    return structuredClone({ retained, sessions });
  }

  /** Takes over the state of another broker. */
  restore(state: BrokerState): void {
    const { retained, sessions } = this.behaviour.restores(state);
    for (const message of retained) this.#retained.store(message);
    for (const stored of sessions) {
      const session = this.#newSession(stored.clientId);
      this.#sessions.set(stored.clientId, session);
      session.expirySeconds = stored.expirySeconds;
      for (const held of stored.subscriptions) this.#subscriptions.add({ ...held, session }, held.shared);
      for (const [packetId, message] of stored.received) session.received.set(packetId, message);
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
    const { behaviour } = this;
    const { queuedMessages, queuedBytes } = this.#limits;
    const limits = {
      get messages() {
        return behaviour.mostQueued(queuedMessages);
      },
      bytes: queuedBytes,
      get whenFull() {
        return behaviour.whenQueueFull;
      },
    };
    return new Session(clientId, limits, (last, tries) => behaviour.nextPacketId(last, tries));
  }

  /** Cancels every timer, so nothing more is published. */
  [Symbol.dispose](): void {
    this.#alarms[Symbol.dispose]();
  }

  #deliverLive(message: Message, held: readonly Held[]): void {
    const session = held[0]?.session;
    if (!session) return;
    const qos = this.behaviour.deliveryQos(message.qos, held.map((one) => one.qos));
    // [MQTT-3.3.1-9] [MQTT-3.3.1-13 of 5.0]
    const asPublished = message.retain &&
      held.some((one) => this.behaviour.retainAsPublished(one, message));
    const retain = this.behaviour.retainFlag(asPublished, "live");
    this.#give(session, { message, qos, retain, identifiers: this.behaviour.identifiers(held, "live") });
  }

  #give(session: Session, right: Delivery): void {
    for (const delivery of this.behaviour.deliveries(right, session)) {
      if (session.peer) session.peer.deliver(delivery);
      else if (this.behaviour.keepsOffline(delivery, session)) session.queue.add(delivery);
    }
  }

  /** Publishes a will now or after its delay; if the session ends first, the will is published then. */
  #settleWill(session: Session, cause: CloseCause): void {
    const { will } = session;
    if (this.behaviour.forgetsWill) session.will = undefined;
    if (!will || !this.behaviour.publishesWill(cause)) return;
    const delaySeconds = this.behaviour.willDelaySeconds(will.delaySeconds);
    const publish = () => this.#publishWill(will);
    if (delaySeconds === 0) publish();
    else this.#alarms.set(`will ${session.clientId}`, delaySeconds * 1000, publish);
  }

  #publishWill(will: HeldWill): void {
    const { willLateMs } = this.behaviour;
    const publish = () => {
      for (const message of this.behaviour.wills(willMessage(will, this.now()))) this.publish(message);
    };
    // A will whose delay is over can't be cancelled any more, so its alarm has a unique name.
    if (willLateMs > 0) this.#alarms.set(`late will ${++this.#lateWills}`, willLateMs, publish);
    else publish();
  }

  #end(session: Session): void {
    const { willAtSessionEnd } = this.behaviour;
    if (willAtSessionEnd === "publish") this.#alarms.ringNow(`will ${session.clientId}`);
    if (willAtSessionEnd === "drop") this.#alarms.cancel(`will ${session.clientId}`);
    this.#alarms.cancel(`expiry ${session.clientId}`);
    this.#subscriptions.removeAll(session);
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId);
  }

  #aboutItself(): Message[] {
    return this.behaviour.aboutItself.map(([topic, text]) => ({
      topic,
      payload: new TextEncoder().encode(text),
      qos: 0,
      retain: true,
      dup: false,
      publisher: "",
      properties: [],
    }));
  }

  #tellAboutItself(everyMs: number): void {
    if (everyMs === Infinity) return;
    this.#alarms.set("about itself", everyMs, () => {
      for (const message of this.#aboutItself()) this.publish(message);
      this.#tellAboutItself(everyMs);
    });
  }
}

const SESSION_TAKEN_OVER = 0x8e;
