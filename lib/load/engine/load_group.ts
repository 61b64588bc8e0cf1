import { ArrivalSchedule } from "../plan/arrival_schedule.ts";
import type { Plan, PlannedGroup } from "../plan/plan.ts";
import type { ClientHost } from "./client_host.ts";
import { type Filling, fillingOf } from "./message_template.ts";

/** The most payloads that are kept, one for each size. */
const MOST_FILLINGS = 1_000;

/** What the clients of one group share: its plan, when its messages come due, and the bytes of its payloads. */
export class LoadGroup {
  readonly plan: PlannedGroup;
  /** Undefined if no message comes due by a schedule. */
  readonly schedule: ArrivalSchedule | undefined;
  readonly #host: ClientHost;
  readonly #fillings = new Map<number, Filling>();

  constructor(host: ClientHost, plan: PlannedGroup) {
    this.#host = host;
    this.plan = plan;
    this.schedule = scheduleOf(host.plan, plan);
  }

  /** When message `number` of the client `index` comes due, in ms of the run's clock; now, if there is no schedule. */
  dueOf(index: number, number: number): number {
    const at = this.schedule?.dueAt(index + number * this.plan.clients);
    return at === undefined ? this.#host.now() : this.#host.startMs + at;
  }

  /** The payload of a size. */
  filling(size: number): Filling {
    const known = this.#fillings.get(size);
    if (known) return known;
    const made = fillingOf(size, this.#host.plan.seed);
    if (this.#fillings.size < MOST_FILLINGS) this.#fillings.set(size, made);
    return made;
  }
}

function scheduleOf({ loop, segments, seed }: Plan, group: PlannedGroup): ArrivalSchedule | undefined {
  const { publish, role, clients, firstClient } = group;
  // A responder publishes when it is asked.
  if (publish?.rate === undefined || loop === "closed" || role === "respond") return undefined;
  return new ArrivalSchedule(publish.rate, segments, publish.arrivals, clients, seed ^ firstClient);
}
