import type { Schedule } from "./schedule.ts";

/** A command whose result is still to come. */
export type Request = "SUB" | "UNS" | "PUB";

/** The commands that wait for the broker's answer, each with the time until which. */
export class Requests {
  readonly #schedule: Schedule;
  readonly #waiting = new Map<string, () => void>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** True while an answer to `request` with this id is due. */
  has(request: Request, id: number): boolean {
    return this.#waiting.has(`${request} ${id}`);
  }

  /** Waits for an answer; `expired` is called when there is none after `withinMs` (undefined: waits for ever). */
  add(request: Request, id: number, withinMs: number | undefined, expired: () => void): void {
    const key = `${request} ${id}`;
    const stop = withinMs === undefined ? () => {} : this.#schedule.after(withinMs, () => {
      this.#waiting.delete(key);
      expired();
    });
    this.#waiting.set(key, stop);
  }

  /** Ends the wait. False where none was. */
  settle(request: Request, id: number): boolean {
    const key = `${request} ${id}`;
    this.#waiting.get(key)?.();
    return this.#waiting.delete(key);
  }

  /** Ends all waits without a word. */
  clear(): void {
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }
}
