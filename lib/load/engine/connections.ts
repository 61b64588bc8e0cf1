import type { Transport } from "../../transport/transport.ts";

/** How long a closing connection may take to write its waiting bytes, in milliseconds. */
const CLOSE_AFTER_MS = 500;

/** The state of a client: without a connection, about to get one, or connected and subscribed. */
export type ClientState = "offline" | "connecting" | "ready";

/** A client, as the queue of connections uses it. */
export interface Connectable {
  readonly state: ClientState;
  /** Whether it should be connected, by the times of the profile. */
  readonly wanted: boolean;
  /** Starts to connect; `dueMs` is the scheduled time. */
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
  /** How many connections are being opened or read. */
  #tasks = 0;
  #idle: (() => void)[] = [];
  readonly #closing: { readonly transport: Transport; readonly atMs: number }[] = [];

  /** At most `outstanding` connections may be opening at once. `settled` is called when the clients of the start are settled. */
  constructor(outstanding: number, now: () => number, settled: () => void) {
    this.#outstanding = outstanding;
    this.#now = now;
    this.#settled = settled;
  }

  /** Queues the clients of the start; `dueOf` returns the scheduled time of each connection. */
  start<T extends Connectable>(clients: readonly T[], dueOf: (client: T) => number): void {
    for (const client of clients) {
      this.#unsettled.add(client);
      this.queue(client, dueOf(client));
    }
    if (this.#unsettled.size === 0) this.#settled();
  }

  /** Queues a client that is scheduled to connect at `dueMs`. */
  queue(client: Connectable, dueMs: number): void {
    this.#queue.push({ client, dueMs });
  }

  /** Records that a client is connected, or given up. */
  settle(client: Connectable): void {
    if (this.#unsettled.delete(client) && this.#unsettled.size === 0) this.#settled();
  }

  /** Records that an opening connection is established or has failed, and starts the next one. */
  arrived(): void {
    this.#underWay--;
    this.connectDue(this.#now());
  }

  /** Starts the connections whose time has come, as many as may be opening at once. */
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

  /** Stops starting connections. */
  stop(): void {
    this.#stopped = true;
  }

  /** Stores a promise for {@link ended} that does not reject: that of opening or reading a connection. */
  track(task: Promise<void>): void {
    this.#tasks++;
    void task.then(this.#untrack);
  }

  /** One function for all tasks: a closure for each would stay as long as its connection. */
  readonly #untrack = (): void => {
    if (--this.#tasks > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  };

  /** Closes a connection after giving its current write some time. */
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

  /** Resolves when no connection is being opened or read. */
  async ended(): Promise<void> {
    while (this.#tasks > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
