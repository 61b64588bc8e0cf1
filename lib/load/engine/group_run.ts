import { ofWorker, type PlannedGroup } from "../plan/plan.ts";
import { clientsAt, type RateSegment } from "../plan/rate_segment.ts";
import { LoadClient } from "./client.ts";
import type { ClientHost } from "./client_host.ts";
import { DueOrder } from "./loop/due_order.ts";
import { LoadGroup } from "./load_group.ts";

/** How long one turn may send, in milliseconds; and after how many messages the clock is read. */
const LONGEST_MS = 5;
const CLOCK_EVERY = 64;

/** A worker's clients of one group: sends messages as they come due, and lets clients come and go. */
export class GroupRun {
  /** In the order of their numbers. */
  readonly clients: readonly LoadClient[];
  readonly #host: ClientHost;
  readonly #group: LoadGroup;
  readonly #plan: PlannedGroup;
  /**
   * The next message of the group that this worker sends: its client, by the index in `clients`, and its number there.
   */
  #turn = 0;
  #round = 0;
  /** Used instead of `#turn` if messages do not come due in the order of the clients. */
  readonly #turns: DueOrder | undefined;

  constructor(host: ClientHost, plan: PlannedGroup, worker: number) {
    this.#host = host;
    this.#plan = plan;
    this.#group = new LoadGroup(host, plan);
    const clients: LoadClient[] = [];
    for (let index = 0; index < plan.clients; index++) {
      if (!ofWorker(host.plan, plan.firstClient + index, worker)) continue;
      clients.push(new LoadClient(host, this.#group, index));
    }
    this.clients = clients;
    const { schedule } = this.#group;
    if (schedule && !schedule.ordered) {
      this.#turns = new DueOrder(clients.length, (slot, number) => this.#dueMs(slot, number));
    }
  }

  /** When message `number` of the client in a slot of `clients` comes due, since the load began. */
  #dueMs(slot: number, number: number): number {
    const index = this.clients[slot]?.index ?? 0;
    return this.#group.schedule?.dueAt(index + number * this.#plan.clients) ?? Infinity;
  }

  /** Whether messages come due here by a schedule. */
  get scheduled(): boolean {
    return this.#group.schedule !== undefined && this.clients.length > 0;
  }

  /** When the next message comes due, in ms of the run's clock; Infinity if there is none. */
  get nextDueMs(): number {
    const client = this.clients[this.#turn];
    const { schedule } = this.#group;
    if (!client || !schedule) return Infinity;
    if (this.#turns) return this.#host.startMs + this.#turns.dueMs;
    return this.#host.startMs + schedule.dueAt(client.index + this.#round * this.#plan.clients);
  }

  /** The clients that are connected when the load starts, at a share of all clients. */
  startingClients(share: number): readonly LoadClient[] {
    if (!this.#plan.online.some(({ fromMs }) => fromMs === 0)) return [];
    const count = this.#countOf(share);
    return this.clients.filter(({ index }) => index < count);
  }

  /** Appends to the schedule. */
  extend(segments: readonly RateSegment[]): void {
    this.#group.schedule?.add(segments);
    this.#turns?.extend();
  }

  /** Sends the messages that have come due at `now`; if there are very many, not all in one turn. */
  send(now: number): void {
    const { schedule } = this.#group;
    if (!schedule) return;
    const { startMs, ending } = this.#host;
    for (let sent = 0;; sent++) {
      // A late engine must still read, and answer its owner.
      if (sent % CLOCK_EVERY === 0 && sent > 0 && !ending && this.#host.now() - now > LONGEST_MS) return;
      const turns = this.#turns;
      const client = this.clients[turns ? turns.slot : this.#turn];
      if (!client) return;
      const dueMs = startMs +
        (turns ? turns.dueMs : schedule.dueAt(client.index + this.#round * this.#plan.clients));
      if (dueMs > now) return;
      client.publisher?.due(turns ? turns.number : this.#round, dueMs, now, client.wanted);
      if (turns) turns.next();
      else if (++this.#turn === this.clients.length) {
        this.#turn = 0;
        this.#round++;
      }
    }
  }

  /** Lets clients come and go at the times and shares of the profile, at `atMs` since the load began. */
  adjust(atMs: number, segments: readonly RateSegment[]): void {
    const { online } = this.#plan;
    const count = this.#countOf(segments.length === 0 ? 1 : clientsAt(segments, atMs));
    const current = online.find((one) => atMs >= one.fromMs && atMs < (one.untilMs ?? Infinity));
    const last = online.findLast((one) => one.untilMs !== undefined && one.untilMs <= atMs);
    for (const client of this.clients) {
      const wanted = current !== undefined && client.index < count;
      if (wanted === client.wanted) continue;
      client.wanted = wanted;
      if (wanted) this.#host.connections.queue(client, this.#host.startMs + Math.max(atMs, 0));
      else client.leave(last?.leave ?? "disconnect");
    }
  }

  #countOf(share: number): number {
    return Math.ceil(share * this.#plan.clients - 1e-9);
  }
}
