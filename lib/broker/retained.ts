import type { Message } from "./message.ts";

/** The bounds of a store, in messages and in bytes of topics and payloads. */
export interface RetainedLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** The retained messages, one for each topic, bounded in number and bytes. */
export class RetainedStore {
  readonly #messages = new Map<string, Message>();
  readonly #limits: RetainedLimits;
  #bytes = 0;

  constructor(limits: RetainedLimits) {
    this.#limits = limits;
  }

  /** How many messages are stored. */
  get size(): number {
    return this.#messages.size;
  }

  /** Stores `message`, replacing the previous one; stores nothing and returns false if the store is full. */
  store(message: Message): boolean {
    this.clear(message.topic);
    const size = sizeOf(message);
    const { messages, bytes } = this.#limits;
    if (this.#messages.size >= messages || this.#bytes + size > bytes) return false;
    this.#messages.set(message.topic, message);
    this.#bytes += size;
    return true;
  }

  /** Removes the message of a topic, if there is one. */
  clear(topic: string): void {
    const message = this.#messages.get(topic);
    if (!message) return;
    this.#messages.delete(topic);
    this.#bytes -= sizeOf(message);
  }

  /** The message of exactly this topic. */
  get(topic: string): Message | undefined {
    return this.#messages.get(topic);
  }

  /** The messages of one topic, or of the topics that a function matches. Removes messages that have expired at `now`. */
  find(wanted: string | ((topic: string) => boolean), now: number): Message[] {
    const found: Message[] = [];
    for (const message of typeof wanted === "string" ? this.#only(wanted) : this.#messages.values()) {
      if (message.expiresAt !== undefined && message.expiresAt <= now) this.clear(message.topic);
      else if (typeof wanted === "string" || wanted(message.topic)) found.push(message);
    }
    return found;
  }

  #only(topic: string): Message[] {
    const message = this.#messages.get(topic);
    return message ? [message] : [];
  }
}

function sizeOf(message: Message): number {
  return message.topic.length + message.payload.length;
}
