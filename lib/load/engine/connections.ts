import type { Transport } from "../../transport/transport.ts";

/** How long a closing connection may take to write what waits, in milliseconds. */
const CLOSE_AFTER_MS = 500;

/** The state of a client: without a connection, about to get one, or connected and subscribed. */
export type ClientState = "offline" | "connecting" | "ready";

/** A client, as the queue of connections uses it. */
export interface Connectable {
  readonly state: ClientState;
  /** Whether it should be connected, by the times of the profile. */
  readonly wanted: boolean;
  /** Begins to connect; `dueMs` is when that was due. */
  connect(dueMs: number): void;
}

/** The connections of a worker: opens them in turn, a limited number at once, and closes them. */
export class Connections {
  /** How many clients are connected and subscribed. */
  ready = 0;
  readonly #outstanding: number;
  readonly #now: () => number;
  readonly #settled: () => void;
  readonly #queue: { readonly client: Connectable; readonly dueMs: number }[] = [];
  #queueAt = 0;
  #underWay = 0;
  #stopped = false;
  /** Clients of the start that are neither connected nor given up. */
  readonly #unsettled = new Set<Connectable>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #closing: { readonly transport: Transport; readonly atMs: number }[] = [];

  /** `outstanding` connections may be under way at once. `settled` is called when the clients of the start are settled. */
  constructor(outstanding: number, now: () => number, settled: () => void) {
    this.#outstanding = outstanding;
    this.#now = now;
    this.#settled = settled;
  }

  /** Queues the clients that the load starts with; `dueOf` says when each is due to connect. */
  start<T extends Connectable>(clients: readonly T[], dueOf: (client: T) => number): void {
    for (const client of clients) {
      this.#unsettled.add(client);
      this.queue(client, dueOf(client));
    }
    if (this.#unsettled.size === 0) this.#settled();
  }

  /** Queues a client that is due to connect at `dueMs`. */
  queue(client: Connectable, dueMs: number): void {
    this.#queue.push({ client, dueMs });
  }

  /** Notes that a client is connected, or given up. */
  settle(client: Connectable): void {
    if (this.#unsettled.delete(client) && this.#unsettled.size === 0) this.#settled();
  }

  /** Notes that a connection under way is established or has failed, and begins the next one. */
  arrived(): void {
    this.#underWay--;
    this.connectDue(this.#now());
  }

  /** Begins the connections that are due, as many as may be under way. */
  connectDue(now: number): void {
    if (this.#stopped) return;
    const waiting = this.#queue;
    while (this.#queueAt < waiting.length && this.#underWay < this.#outstanding) {
      const next = waiting[this.#queueAt];
      if (!next || next.dueMs > now) break;
      this.#queueAt++;
      if (!next.client.wanted || next.client.state !== "offline") continue;
      this.#underWay++;
      next.client.connect(next.dueMs);
    }
    if (this.#queueAt > 1_000 && this.#queueAt * 2 > waiting.length) {
      waiting.splice(0, this.#queueAt);
      this.#queueAt = 0;
    }
  }

  /** Begins no more connections. */
  stop(): void {
    this.#stopped = true;
  }

  /** Keeps a promise that does not reject, for {@link ended}: that of a connection being opened or read. */
  track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  /** Closes a connection once what is being written to it has had its time. */
  closeSoon(transport: Transport): void {
    this.#closing.push({ transport, atMs: this.#now() + CLOSE_AFTER_MS });
  }

  /** Whether connections wait to be closed. */
  get closing(): boolean {
    return this.#closing.length > 0;
  }

  /** Closes the connections of {@link closeSoon} whose time is over at `now`. */
  closeLate(now: number): void {
    while (this.#closing[0] && this.#closing[0].atMs <= now) this.#closing.shift()?.transport.close();
  }

  /** Resolves when no connection is being opened or read any more. */
  async ended(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
