import type { Schedule } from "./schedule.ts";

/** A command that waits for its result. */
export type Request = "SUB" | "UNS" | "PUB";

/** The commands that wait for the broker's answer, each with its deadline. */
export class Requests {
  readonly #schedule: Schedule;
  readonly #waiting = new Map<string, () => void>();
  /** Those of them that were made on a connection before this one. */
  readonly #left = new Set<string>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** How many commands of this connection wait. */
  get waiting(): number {
    return this.#waiting.size - this.#left.size;
  }

  /** The connection is gone: what waits keeps its deadline, and is nothing that a new command has to wait for. */
  connectionLost(): void {
    for (const key of this.#waiting.keys()) this.#left.add(key);
  }

  /** Waits for an answer; `expired` is called if there is none after `withinMs` (undefined: no timeout). */
  add(request: Request, id: number, withinMs: number | undefined, expired: () => void): void {
    const key = `${request} ${id}`;
    // A lost connection has released its ids, and one may be used again.
    this.#waiting.get(key)?.();
    this.#left.delete(key);
    const stop = withinMs === undefined ? () => {} : this.#schedule.after(withinMs, () => {
      this.#waiting.delete(key);
      this.#left.delete(key);
      expired();
    });
    this.#waiting.set(key, stop);
  }

  /** Ends all waits. */
  clear(): void {
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
    this.#left.clear();
  }

  /** Ends a wait. Returns false if there was none. */
  settle(request: Request, id: number): boolean {
    const key = `${request} ${id}`;
    this.#waiting.get(key)?.();
    this.#left.delete(key);
    return this.#waiting.delete(key);
  }
}
