import type { Schedule } from "./schedule.ts";

/** A command whose result is still to come. */
export type Request = "SUB" | "UNS" | "PUB";

/** The commands that wait for the broker's answer, each with its deadline. */
export class Requests {
  readonly #schedule: Schedule;
  readonly #waiting = new Map<string, () => void>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** How many commands wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Waits for an answer; `expired` is called when there is none after `withinMs` (undefined: waits for ever). */
  add(request: Request, id: number, withinMs: number | undefined, expired: () => void): void {
    const key = `${request} ${id}`;
    // A connection that was lost took its ids with it, and one may come again.
    this.#waiting.get(key)?.();
    const stop = withinMs === undefined ? () => {} : this.#schedule.after(withinMs, () => {
      this.#waiting.delete(key);
      expired();
    });
    this.#waiting.set(key, stop);
  }

  /** Ends all waits. */
  clear(): void {
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }

  /** Ends a wait; false where there was none. */
  settle(request: Request, id: number): boolean {
    const key = `${request} ${id}`;
    this.#waiting.get(key)?.();
    return this.#waiting.delete(key);
  }
}
