import type { Message } from "./message.ts";

/** The retained messages, one for a topic, bounded in number and bytes. */
export class RetainedStore {
  readonly #messages = new Map<string, Message>();
  readonly #maximumMessages: number;
  readonly #maximumBytes: number;
  #bytes = 0;

  /** Bytes are those of topics and payloads. */
  constructor(maximumMessages: number, maximumBytes: number) {
    this.#maximumMessages = maximumMessages;
    this.#maximumBytes = maximumBytes;
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#messages.size;
  }

  /** Keeps `message` in the place of the one before; gives false, and keeps nothing new, when the store is full. */
  store(message: Message): boolean {
    this.clear(message.topic);
    const size = sizeOf(message);
    if (this.#messages.size >= this.#maximumMessages || this.#bytes + size > this.#maximumBytes) return false;
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

  /** The messages of one topic, or of those that a function matches; what has expired at `now` is removed. */
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
