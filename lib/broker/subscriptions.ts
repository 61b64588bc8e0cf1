import { sharedFilter } from "../mqtt/topic.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import type { Held, Session } from "./session.ts";

interface SharedGroup {
  /** The filter after `$share/name/`. */
  readonly filter: string;
  readonly members: Map<Session, Held>;
  /** How many messages it has received. */
  turn: number;
}

/** All subscriptions of all sessions, for lookup by topic name. */
export class SubscriptionTable {
  readonly #behaviour: Pick<BrokerBehaviour, "matches" | "sharedMembers">;
  readonly #exact: boolean;
  /** Filters without wildcards, which need no scan if `#exact`. */
  readonly #plain = new Map<string, Map<Session, Held>>();
  readonly #wild = new Map<string, Map<Session, Held>>();
  readonly #shared = new Map<string, SharedGroup>();

  /** `exact` says that a filter without wildcards matches only its own topic name. */
  constructor(behaviour: Pick<BrokerBehaviour, "matches" | "sharedMembers">, exact: boolean) {
    this.#behaviour = behaviour;
    this.#exact = exact;
  }

  /** Adds a subscription, which replaces one of the same session with the same filter. */
  add(held: Held, shared: boolean): void {
    held.session.subscriptions.set(held.filter, held);
    const parts = shared ? sharedFilter(held.filter) : undefined;
    if (parts) {
      const group = this.#shared.get(held.filter) ?? { filter: parts.filter, members: new Map(), turn: 0 };
      this.#shared.set(held.filter, group);
      group.members.set(held.session, held);
      return;
    }
    const index = this.#index(held.filter);
    const holders = index.get(held.filter) ?? new Map<Session, Held>();
    index.set(held.filter, holders);
    holders.set(held.session, held);
  }

  /** Removes a session's subscription with exactly this filter; returns whether it existed. [MQTT-3.10.4-1] */
  remove(session: Session, filter: string): boolean {
    if (!session.subscriptions.delete(filter)) return false;
    const group = this.#shared.get(filter);
    if (group?.members.delete(session) && group.members.size === 0) this.#shared.delete(filter);
    const index = this.#index(filter);
    const holders = index.get(filter);
    if (holders?.delete(session) && holders.size === 0) index.delete(filter);
    return true;
  }

  /** Removes all subscriptions of a session. */
  removeAll(session: Session): void {
    for (const filter of [...session.subscriptions.keys()]) this.remove(session, filter);
  }

  /**
   * The matching subscriptions, one list for each delivery: all subscriptions of one session together, and one member of
   * each shared subscription.
   */
  find(topic: string): Held[][] {
    const bySession = new Map<Session, Held[]>();
    const collect = (holders: Map<Session, Held>) => {
      for (const [session, held] of holders) {
        const list = bySession.get(session);
        if (list) list.push(held);
        else bySession.set(session, [held]);
      }
    };
    if (this.#exact) {
      const holders = this.#plain.get(topic);
      if (holders) collect(holders);
    } else {
      for (const [filter, holders] of this.#plain) {
        if (this.#behaviour.matches(filter, topic)) collect(holders);
      }
    }
    for (const [filter, holders] of this.#wild) {
      if (this.#behaviour.matches(filter, topic)) collect(holders);
    }
    const found = [...bySession.values()];
    for (const group of this.#shared.values()) {
      if (!this.#behaviour.matches(group.filter, topic)) continue;
      const members = this.#behaviour.sharedMembers([...group.members.values()], group.turn++);
      found.push(...members.map((member) => [member]));
    }
    return found;
  }

  #index(filter: string): Map<string, Map<Session, Held>> {
    return filter.includes("+") || filter.includes("#") ? this.#wild : this.#plain;
  }
}
