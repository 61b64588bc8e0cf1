import type { ModuleBehaviour } from "./behaviour.ts";
import { fromBinary, toBinary } from "./binary.ts";
import type { Hooks } from "./hooks.ts";

/** The longest line that is held back, in bytes. */
const LONGEST = 4096;

/** The echo of what the host sends [ECMT-AT-5]. */
export class Echo {
  readonly #behaviour: ModuleBehaviour;
  readonly #hooks: Hooks;
  readonly #put: (bytes: Uint8Array) => void;
  #kept = "";
  /** Whether nothing of the line has been echoed yet. */
  #fresh = true;
  /** Whether echo is on (`ATE`). */
  on = true;
  /** Whether the host is sending data after a prompt rather than a line. */
  data = false;

  /** `put` writes bytes to the serial line. */
  constructor(behaviour: ModuleBehaviour, hooks: Hooks, put: (bytes: Uint8Array) => void) {
    this.#behaviour = behaviour;
    this.#hooks = hooks;
    this.#put = put;
  }

  /** Restores the settings of power-on. */
  restart(): void {
    this.on = this.#behaviour.powerOn.echo;
    this.data = false;
    this.#kept = "";
    this.#fresh = true;
  }

  /** Echoes received bytes. */
  typed(bytes: Uint8Array): void {
    if (!this.#hooks.echoes(this.on)) {
      this.#kept = "";
      return;
    }
    if (this.data) {
      if (this.#behaviour.echoesData) this.#put(bytes.slice());
      return;
    }
    this.#kept += toBinary(bytes);
    const end = this.#kept.lastIndexOf("\r") + 1;
    if (this.#behaviour.echoesBy === "line" && end === 0 && this.#kept.length < LONGEST) return;
    const text = this.#kept.replaceAll("\r", this.#behaviour.echoedLineEnd);
    this.#kept = "";
    this.#interrupted(text);
    this.#fresh = end > 0;
  }

  /** Writes the echo of a line, with unrelated URCs in the middle. */
  #interrupted(text: string): void {
    const besides = this.#fresh && /[^\r\n]/.test(text) ? this.#hooks.besides("within-echo") : [];
    const middle = besides.length > 0 ? text.length >> 1 : text.length;
    this.#put(fromBinary(text.slice(0, middle)));
    for (const line of besides) this.#put(fromBinary(this.#hooks.framed([line], "urc")));
    this.#put(fromBinary(text.slice(middle)));
  }
}
