import type { ModuleBehaviour } from "./behaviour.ts";
import { toBinary } from "./binary.ts";

const GREETING = "HDSK";

/** A UART that sleeps after a while without input, and loses the characters that wake it [ECMT-AT-9]. */
export class Sleep {
  readonly #behaviour: ModuleBehaviour;
  readonly #greet: () => void;
  readonly #now: () => number;
  #wokenAt: number;

  /** `greet` is called when a greeting has woken it; `now` returns the time in ms. */
  constructor(behaviour: ModuleBehaviour, greet: () => void, now = () => performance.now()) {
    this.#behaviour = behaviour;
    this.#greet = greet;
    this.#now = now;
    this.#wokenAt = behaviour.asleepAtPowerOn ? -Infinity : now();
  }

  /** Restores the state of power-on. */
  restart(): void {
    if (this.#behaviour.asleepAtPowerOn) this.#wokenAt = -Infinity;
    else this.#wake();
  }

  /** Returns those of the received bytes that the UART reads. */
  heard(bytes: Uint8Array): Uint8Array {
    const { sleepsAfterMs, lostAsleep, wakesByGreeting } = this.#behaviour;
    const sleeps = sleepsAfterMs > 0 && this.#now() - this.#wokenAt > sleepsAfterMs;
    if (!sleeps) {
      this.#wake();
      return bytes;
    }
    const greeting = toBinary(bytes).indexOf(GREETING);
    if (greeting >= 0) {
      this.#wake();
      this.#greet();
      return bytes.subarray(greeting + GREETING.length);
    }
    if (wakesByGreeting) return new Uint8Array(0);
    this.#wake();
    return bytes.subarray(lostAsleep);
  }

  #wake(): void {
    this.#wokenAt = this.#now();
  }
}
