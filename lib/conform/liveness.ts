import { pause } from "../ground/wait.ts";
import type { Target } from "../target/target.ts";

/**
 * The first pause between two checks of an unresponsive target in milliseconds; each further pause is twice
 * as long.
 */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The state of a target after a check. */
export type Alive = "alive" | "back" | "gone";

/**
 * Checks whether a target still responds; one check at a time. Waits for an unresponsive target, with growing
 * pauses, up to a time that its file may set; a target that attest started and that has exited is started
 * again.
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

  /** The sentence that the target is permanently gone, once it is. */
  get gone(): string | undefined {
    if (!this.#gone || this.#target.kind !== "broker") return undefined;
    const { name, address, backMs } = this.#target;
    return `The target "${name}" can no longer be reached at ${address}, and did not return within ` +
      `${backMs / 1_000} s`;
  }

  /** Waits while another check waits for the target to return; no case starts meanwhile. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  /** Checks the target, and waits for it if it does not respond. */
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
