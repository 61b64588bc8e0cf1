/** The resolution of the wheel, in milliseconds. */
const STEP_MS = 5;
const SLOTS = 4096;

interface Entry {
  readonly at: number;
  /** Absent once it has run or was cancelled: a closure would stay with its entry for a turn of the wheel. */
  run: (() => void) | undefined;
}

/** A timer that can be cancelled. */
export interface Timer {
  cancel(): void;
}

/**
 * A timer wheel: any number of timers at the cost of one. Its owner turns it; a timer runs at the first turn at or after its
 * time.
 */
export class TimerWheel {
  readonly #slots: Entry[][] = Array.from({ length: SLOTS }, () => []);
  #turned: number;
  #waiting = 0;

  /** `nowMs` is the present time of the owner's clock. */
  constructor(nowMs: number) {
    this.#turned = Math.floor(nowMs / STEP_MS);
  }

  /** How many timers wait. */
  get size(): number {
    return this.#waiting;
  }

  /** Calls `run` once the clock reaches `atMs`. */
  at(atMs: number, run: () => void): Timer {
    const entry: Entry = { at: atMs, run };
    const step = Math.max(Math.ceil(atMs / STEP_MS), this.#turned + 1);
    this.#slots[step % SLOTS]?.push(entry);
    this.#waiting++;
    return {
      cancel: () => {
        if (entry.run) this.#waiting--;
        entry.run = undefined;
      },
    };
  }

  /** Runs the timers for `nowMs` and earlier. */
  turn(nowMs: number): void {
    const to = Math.floor(nowMs / STEP_MS);
    // After a long time without a turn, each slot needs only one visit.
    const from = Math.max(this.#turned + 1, to - SLOTS + 1);
    for (let step = from; step <= to; step++) {
      const slot = this.#slots[step % SLOTS];
      if (!slot || slot.length === 0) continue;
      const later: Entry[] = [];
      const due = slot.splice(0, slot.length);
      this.#turned = step;
      for (const entry of due) {
        const { run } = entry;
        if (!run) continue;
        if (entry.at > nowMs) later.push(entry);
        else {
          entry.run = undefined;
          this.#waiting--;
          run();
        }
      }
      slot.push(...later);
    }
    this.#turned = Math.max(this.#turned, to);
  }
}
