import { Client } from "./client.ts";
import type { Engine } from "./engine.ts";
import { type Filling, fillingOf } from "./message_template.ts";
import { ofWorker, type PlannedGroup } from "../plan/plan.ts";
import { ArrivalSchedule } from "../plan/arrival_schedule.ts";
import { clientsAt, type RateSegment } from "../plan/rate_segment.ts";

/** How long one turn may send, in milliseconds; and after how many messages the clock is looked at. */
const LONGEST_MS = 5;
const LOOKED_AT = 64;

/** The clients of one group that a worker has, and the schedule of what they publish. */
export class GroupRun {
  readonly plan: PlannedGroup;
  /** In the order of their numbers. */
  readonly clients: readonly Client[];
  readonly schedule: ArrivalSchedule | undefined;
  readonly #engine: Engine;
  readonly #fillings = new Map<number, Filling>();
  /** The next message of the group that is this worker's: whose it is, and how many of his came before. */
  #turn = 0;
  #round = 0;

  constructor(engine: Engine, plan: PlannedGroup, worker: number) {
    this.#engine = engine;
    this.plan = plan;
    const own: Client[] = [];
    for (let index = 0; index < plan.clients; index++) {
      if (ofWorker(engine.plan, plan.firstClient + index, worker)) own.push(new Client(engine, this, index));
    }
    this.clients = own;
    const { publish } = plan;
    const timed = publish?.rate !== undefined && engine.plan.loop === "open" &&
      plan.role !== "respond";
    if (timed && own.length > 0) this.schedule = new ArrivalSchedule(publish.rate, engine.plan.segments);
  }

  /** The payload of a size, shared by all clients. */
  filling(size: number): Filling {
    const known = this.#fillings.get(size);
    if (known) return known;
    const made = fillingOf(size, this.#engine.plan.seed);
    if (this.#fillings.size < 1_000) this.#fillings.set(size, made);
    return made;
  }

  /** When the client's message of this number is due, in ms of the engine's clock. */
  dueOf(client: Client, number: number): number {
    const at = this.schedule?.dueAt(client.index + number * this.plan.clients);
    return at === undefined ? this.#engine.now() : this.#engine.startMs + at;
  }

  /** When the next message is due, in ms of the engine's clock; Infinity for none. */
  get nextDueMs(): number {
    const client = this.clients[this.#turn];
    if (!client || !this.schedule) return Infinity;
    return this.#engine.startMs + this.schedule.dueAt(client.index + this.#round * this.plan.clients);
  }

  /** Lets the messages that are due at `now` be sent; not all of them at once where they are very many. */
  send(now: number): void {
    const { schedule } = this;
    if (!schedule) return;
    const { startMs, ending } = this.#engine;
    for (let sent = 0;; sent++) {
      // Whoever is behind still has to read, and to tell how it goes.
      if (sent % LOOKED_AT === 0 && sent > 0 && !ending && this.#engine.now() - now > LONGEST_MS) return;
      const client = this.clients[this.#turn];
      if (!client) return;
      const dueMs = startMs + schedule.dueAt(client.index + this.#round * this.plan.clients);
      if (dueMs > now) return;
      client.publisher?.due(this.#round, dueMs, now);
      if (++this.#turn === this.clients.length) {
        this.#turn = 0;
        this.#round++;
      }
    }
  }

  /** Puts clients online and offline by the profile's times and shares, at `atMs` since the load began; 0 before it. */
  adjust(atMs: number, segments: readonly RateSegment[]): void {
    const share = segments.length === 0 ? 1 : clientsAt(segments, atMs);
    const count = Math.ceil(share * this.plan.clients - 1e-9);
    const window = this.plan.online.find((one) => atMs >= one.fromMs && atMs < (one.untilMs ?? Infinity));
    const last = this.plan.online.findLast((one) => one.untilMs !== undefined && one.untilMs <= atMs);
    for (const client of this.clients) {
      const wanted = window !== undefined && client.index < count;
      if (wanted === client.wanted) continue;
      client.wanted = wanted;
      if (wanted) this.#engine.queue(client, this.#engine.startMs + Math.max(atMs, 0));
      else client.leave(last?.leave ?? "disconnect");
    }
  }

  /** A client is connected and subscribed. */
  ready(client: Client, now: number): void {
    const { churn } = this.plan;
    if (!churn) return;
    const engine = this.#engine;
    engine.wheel.at(now + churn.upMs, () => {
      if (client.state !== "ready" || engine.ending) return;
      const back = engine.now() + churn.downMs;
      if (churn.what === "connection") client.leave("disconnect");
      else client.subscribing.unsubscribe();
      engine.wheel.at(back, () => {
        if (engine.ending || !client.wanted) return;
        if (churn.what === "connection" && client.state === "offline") engine.queue(client, back);
        else if (churn.what === "subscription" && client.state === "ready") {
          client.subscribing.subscribe();
          this.ready(client, engine.now());
        }
      });
    });
  }
}
