import type { Draft } from "../../mqtt/packet.ts";
import type { Hooks, Outgoing } from "./hooks.ts";

/** The lowest reason code of a failure. */
const FAILURE = 0x80;

/** What an acknowledgement of the broker means. */
export interface Acknowledged {
  /** What is sent for it. */
  readonly sends: readonly Draft[];
  /** The message that it delivers or refuses, with the reason that the broker gave. */
  readonly done?: { readonly packetId: number; readonly reason: number } | undefined;
  /** Whether it is of a kind that the message can't have. */
  readonly wrong?: true | undefined;
}

const NOTHING: Acknowledged = { sends: [] };

/** The messages of QoS 1 and 2 that a session has under way, and how many of them the broker takes at once. */
export class Outbox {
  readonly #hooks: Hooks;
  #messages: Outgoing[] = [];
  /** What is to be sent on this connection once the broker takes more. */
  #waiting: Draft[] = [];
  /** The identifiers of the messages that the broker has on this connection and has not acknowledged. */
  readonly #unacknowledged = new Set<number>();

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** Adds a message. */
  add(one: Outgoing): void {
    this.#messages.push(one);
    this.#waiting.push(one.publish);
  }

  /** Forgets all messages. */
  clear(): void {
    this.#messages = [];
    this.#waiting = [];
    this.#unacknowledged.clear();
  }

  /** A connection goes on with what is under way: all of it is sent again. */
  again(): void {
    this.#unacknowledged.clear();
    this.#waiting = [...this.#hooks.again(this.#messages)];
  }

  /** Returns what may be sent now, where the broker takes `most` messages at once. */
  due(most: number): readonly Draft[] {
    const due: Draft[] = [];
    for (;;) {
      const [next] = this.#waiting;
      if (!next) return due;
      if (next.type === "PUBLISH" && next.packetId !== undefined) {
        if (this.#unacknowledged.size >= most) return due;
        this.#unacknowledged.add(next.packetId);
      }
      this.#waiting.shift();
      due.push(next);
    }
  }

  /** Takes an acknowledgement. One of what is not under way means nothing. */
  acknowledged(type: "PUBACK" | "PUBREC" | "PUBCOMP", packetId: number, reason: number): Acknowledged {
    const one = this.#messages.find((each) => each.packetId === packetId);
    if (!one) return NOTHING;
    const refused = type !== "PUBCOMP" && reason >= FAILURE;
    const completes = this.#hooks.deliveredAt(one.qos) === type &&
      (type !== "PUBCOMP" || one.released || this.#hooks.skipsPubrec);
    const done = completes || refused ? { packetId, reason } : undefined;
    if (type === "PUBREC" && one.qos === 2) {
      if (refused && !this.#hooks.releasesRefused) return { sends: this.#refused(one), done };
      one.released = true;
      return { sends: [{ type: "PUBREL", packetId }], done };
    }
    const last = one.qos === 1 ? "PUBACK" : one.released || this.#hooks.skipsPubrec ? "PUBCOMP" : "PUBREC";
    if (type !== last) return { sends: [], done, wrong: true };
    if (refused) return { sends: this.#refused(one), done };
    this.#end(one);
    return { sends: [], done };
  }

  /** Whether the broker has as many messages as it takes. */
  isFull(most: number): boolean {
    return this.#unacknowledged.size >= most;
  }

  #refused(one: Outgoing): readonly Draft[] {
    const { refusedMessage } = this.#hooks;
    if (refusedMessage === "ends") this.#end(one);
    return refusedMessage === "again" ? [{ ...one.publish, dup: true }] : [];
  }

  #end(one: Outgoing): void {
    if (this.#hooks.freesQuota) this.#unacknowledged.delete(one.packetId);
    this.#messages = this.#messages.filter((each) => each !== one);
  }
}
