import type { Transport } from "../transport/transport.ts";
import { turnDue } from "../ground/turn.ts";
import { Inbox } from "./inbox.ts";
import { ARRIVAL_BYTES } from "./kept_bytes.ts";

/** The end of the connection. `how` is `end` after an orderly or local close, and `reset` after any other. */
export interface Closed {
  readonly kind: "closed";
  readonly how: "end" | "reset";
  /** The transport's error, if it ended the connection. */
  readonly why?: string | undefined;
}

/** How many unread arrivals stop a link from reading. */
const INBOX_LIMIT = 10_000;
const INBOX_BYTES = 1024 * 1024;

/**
 * One end of a conversation over a transport. Arrivals wait in an inbox, in order, until they are taken; the
 * close comes last. A subclass reads the transport and defines its arrivals. The link owns the transport and
 * closes it.
 */
export abstract class Link<A extends { readonly kind: string; readonly raw?: Uint8Array }>
  implements AsyncDisposable {
  protected readonly transport: Transport;
  protected readonly inbox: Inbox<A>;
  #reading: Promise<void> | undefined;
  #closedHere = false;
  #closed: Closed | undefined;

  /** `inboxLimit` is how many unread arrivals stop the link from reading, `inboxBytes` how many bytes. */
  protected constructor(transport: Transport, inboxLimit = INBOX_LIMIT, inboxBytes = () => INBOX_BYTES) {
    this.transport = transport;
    this.inbox = new Inbox<A>(inboxLimit, inboxBytes, ({ raw }) => ARRIVAL_BYTES + (raw?.length ?? 0));
  }

  /** The close, once it has arrived; other arrivals may still wait before it. */
  get closed(): Closed | undefined {
    return this.#closed;
  }

  /** The number of waiting arrivals. */
  get waiting(): number {
    return this.inbox.waiting;
  }

  /** Returns the next arrival, if there is one, without removing it. */
  peek(): A | undefined {
    return this.inbox.peek();
  }

  /** Whether an arrival comes before `withinMs` pass or `signal` aborts. */
  comes(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.inbox.comes(withinMs, signal);
  }

  /** Takes the next arrival. Returns undefined if `withinMs` pass or `signal` aborts first. */
  receive(withinMs: number, signal?: AbortSignal): Promise<A | undefined> {
    return this.inbox.receive(withinMs, signal);
  }

  /** Ends the conversation and closes the transport without sending anything. */
  close(): void {
    this.end(() => this.transport.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#reading;
  }

  /** Whether this end closed the conversation. */
  protected get closedHere(): boolean {
    return this.#closedHere;
  }

  /**
   * Resolves once the link may read more: the inbox has room, and the thread has not been blocked for too
   * long.
   */
  protected async readOn(): Promise<void> {
    const due = turnDue();
    if (due) await due;
    await this.inbox.room();
  }

  /**
   * Stores the loop that reads the transport, which closing the link awaits; a subclass calls it in its
   * constructor.
   */
  protected begin(reading: Promise<void>): void {
    this.#reading = reading;
  }

  /** Ends the conversation by calling `closing`, on the first call only. */
  protected end(closing: () => void): void {
    if (this.#closedHere) return;
    this.#closedHere = true;
    this.inbox.stop();
    closing();
  }

  /** Records that the close has arrived. */
  protected noteClose(closed: Closed): void {
    this.#closed = closed;
  }
}
