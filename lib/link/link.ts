import type { Transport } from "../transport/transport.ts";
import { turnDue } from "../ground/turn.ts";
import { Inbox } from "./inbox.ts";
import { ARRIVAL_BYTES } from "./kept_bytes.ts";

/** The connection is over. `how` is `end` after an orderly close or one from here, `reset` after any other. */
export interface Closed {
  readonly kind: "closed";
  readonly how: "end" | "reset";
  /** What the transport found wrong, where it was that which ended the connection. */
  readonly why?: string | undefined;
}

/** How many arrivals may wait unread before a link stops reading, and how many bytes. */
const INBOX_LIMIT = 10_000;
const INBOX_BYTES = 1024 * 1024;

/**
 * One end of a conversation over a transport: what arrives waits in an inbox, in order, until it is taken, and the close
 * comes last. A subclass reads the transport and says what an arrival is. The link owns the transport and closes it.
 */
export abstract class Link<A extends { readonly kind: string; readonly raw?: Uint8Array }>
  implements AsyncDisposable {
  protected readonly transport: Transport;
  protected readonly inbox: Inbox<A>;
  #reading: Promise<void> | undefined;
  #closedHere = false;
  #closed: Closed | undefined;

  /** `inboxLimit` is how many arrivals may wait unread before the link stops reading, `inboxBytes` how many bytes. */
  protected constructor(transport: Transport, inboxLimit = INBOX_LIMIT, inboxBytes = () => INBOX_BYTES) {
    this.transport = transport;
    this.inbox = new Inbox<A>(inboxLimit, inboxBytes, ({ raw }) => ARRIVAL_BYTES + (raw?.length ?? 0));
  }

  /** The close, once it has come in; other arrivals may still wait before it. */
  get closed(): Closed | undefined {
    return this.#closed;
  }

  /** How many arrivals wait. */
  get waiting(): number {
    return this.inbox.waiting;
  }

  /** The next arrival if one waits, left where it is. */
  peek(): A | undefined {
    return this.inbox.peek();
  }

  /** Whether an arrival waits before `withinMs` pass or `signal` aborts. */
  comes(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.inbox.comes(withinMs, signal);
  }

  /** Takes the next arrival, or gives undefined when `withinMs` pass or `signal` aborts without one. */
  receive(withinMs: number, signal?: AbortSignal): Promise<A | undefined> {
    return this.inbox.receive(withinMs, signal);
  }

  /** Ends the conversation and closes the transport; nothing is said to the far end. */
  close(): void {
    this.end(() => this.transport.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#reading;
  }

  /** Whether the conversation was ended from here. */
  protected get closedHere(): boolean {
    return this.#closedHere;
  }

  /** Resolves once more may be read: there is room in the inbox, and the thread has not been kept for too long. */
  protected async readOn(): Promise<void> {
    const due = turnDue();
    if (due) await due;
    await this.inbox.room();
  }

  /** Keeps the loop that reads the transport, which the link's end waits for; a subclass begins it in its constructor. */
  protected begin(reading: Promise<void>): void {
    this.#reading = reading;
  }

  /** Ends the conversation by `closing`, at the first call only. */
  protected end(closing: () => void): void {
    if (this.#closedHere) return;
    this.#closedHere = true;
    this.inbox.stop();
    closing();
  }

  /** Notes that the close has come in. */
  protected noteClose(closed: Closed): void {
    this.#closed = closed;
  }
}
