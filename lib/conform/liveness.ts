import { pause } from "../ground/wait.ts";
import type { Target } from "../target/target.ts";

/** The first pause between two looks at a target that does not answer, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** What became of a target that was asked whether it still lives. */
export type Alive = "alive" | "back" | "gone";

/**
 * Whether a target still answers, asked once at a time. One that does not is waited for, ever longer between two looks, up
 * to a time that its file may say; one that attest started and that has ended is started again.
 */
export class Liveness {
  readonly #target: Target;
  readonly #signal: AbortSignal;
  #asking: Promise<Alive> | undefined;
  #gone = false;
  /** How often it was gone and came back. */
  outages = 0;

  constructor(target: Target, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
  }

  /** The sentence that says that the target is gone for good, once it is. */
  get gone(): string | undefined {
    if (!this.#gone || this.#target.kind !== "broker") return undefined;
    const { name, address, backMs } = this.#target;
    return `The target "${name}" can no longer be reached at ${address}, and was not back within ${
      backMs / 1_000
    } s`;
  }

  /** Waits while someone else waits for the target to come back; no case begins meanwhile. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  /** Asks the target, and waits for it where it does not answer. */
  check(): Promise<Alive> {
    if (this.#gone) return Promise.resolve("gone");
    this.#asking ??= this.#ask().finally(() => this.#asking = undefined);
    return this.#asking;
  }

  async #ask(): Promise<Alive> {
    const target = this.#target;
    if (target.kind !== "broker" || await target.alive()) return "alive";
    const until = performance.now() + target.backMs;
    for (let ms = FIRST_PAUSE_MS; !this.#signal.aborted; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
      if (await target.revive?.(this.#signal) || await target.alive()) {
        this.outages++;
        return "back";
      }
      if (performance.now() + ms > until) break;
      await pause(ms, this.#signal);
    }
    this.#gone = true;
    return "gone";
  }
}
