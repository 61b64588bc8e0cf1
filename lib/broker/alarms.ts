/** The longest delay that setTimeout accepts, in ms. */
const LONGEST = 2 ** 31 - 1;

interface Alarm {
  readonly ring: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Named actions for later. Each runs once when its time comes, runs early, or is cancelled. */
export class Alarms implements Disposable {
  readonly #alarms = new Map<string, Alarm>();

  /** Sets an alarm that rings in `delayMs`; it replaces one with the same name. */
  set(name: string, delayMs: number, ring: () => void): void {
    this.cancel(name);
    const alarm: Alarm = { ring, timer: undefined };
    this.#alarms.set(name, alarm);
    this.#arm(name, alarm, delayMs);
  }

  /** Whether an alarm of this name is set. */
  has(name: string): boolean {
    return this.#alarms.has(name);
  }

  /** Rings an alarm now, if it is set. */
  ringNow(name: string): void {
    const alarm = this.#alarms.get(name);
    this.cancel(name);
    alarm?.ring();
  }

  /** Cancels an alarm. */
  cancel(name: string): void {
    clearTimeout(this.#alarms.get(name)?.timer);
    this.#alarms.delete(name);
  }

  /** Cancels all alarms. */
  [Symbol.dispose](): void {
    for (const name of [...this.#alarms.keys()]) this.cancel(name);
  }

  #arm(name: string, alarm: Alarm, delayMs: number): void {
    const part = Math.min(delayMs, LONGEST);
    alarm.timer = setTimeout(() => {
      if (delayMs > part) this.#arm(name, alarm, delayMs - part);
      else this.ringNow(name);
    }, part);
  }
}
