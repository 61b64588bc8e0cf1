import { setImmediate } from "node:timers";
import { Bell } from "./bell.ts";
import { TIME } from "./counter_ids.ts";
import type { Engine } from "./engine.ts";
import { Metronome } from "./metronome.ts";

/** How often the loop turns where nothing is due, in milliseconds. */
const IDLE_MS = 10;
/** The shortest time between two turns: what comes due between them is sent together, and its lateness counted. */
const SHORTEST_MS = 0.25;

/** Nobody wakes who waits for it. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Turns an engine's loop: by a metronome at the moments when messages are due, or in throughput mode at a fixed pace. */
export class LoopDriver {
  readonly #engine: Engine;
  #metronome: Metronome | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #expectedMs = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Begins to turn. */
  start(): void {
    const timed = !this.#engine.pacing && this.#engine.groups.some(({ schedule }) => schedule !== undefined);
    if (timed) this.#metronome = Metronome.start(this.#engine.now, (atMs) => this.#beat(atMs));
    if (this.#engine.pacing) void this.#pace();
    else this.#idle();
  }

  /** Something new may be due. */
  look(): void {
    this.#metronome?.again(this.#engine.nextWakeMs);
  }

  /** Sends nothing more that is due. */
  freeze(): void {
    this.#metronome?.[Symbol.dispose]();
    this.#metronome = undefined;
  }

  /** Turns no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.freeze();
  }

  #beat(atMs: number): void {
    const now = this.#engine.now();
    this.#lag(now - atMs);
    this.#engine.tick();
    this.#metronome?.again(Math.max(this.#engine.nextWakeMs, now + SHORTEST_MS));
  }

  /**
   * Blocks the thread between two turns: a thread that waits for events is woken for each packet that comes, whether it
   * wants to read it yet or not.
   */
  async #pace(): Promise<void> {
    const { pauseMs } = this.#engine.plan;
    using bell = await Bell.hang().catch(() => undefined);
    // Who grants no connection on loopback gets the same turns, and pays for being woken.
    if (!bell) return this.#idle(pauseMs);
    let next = this.#engine.now();
    while (!this.#stopped) {
      const now = this.#engine.now();
      next = Math.max(next + pauseMs, now + SHORTEST_MS);
      Atomics.wait(NEVER, 0, 0, next - now);
      this.#lag(this.#engine.now() - next);
      await bell.ring();
      // All that the system had to tell is read now, the bell's byte among it.
      await immediate();
      this.#engine.tick();
    }
  }

  #idle(wait = IDLE_MS): void {
    if (this.#stopped) return;
    this.#expectedMs = this.#engine.now() + wait;
    this.#timer = setTimeout(() => {
      // A timer of Deno's is up to 2 ms late by itself.
      this.#lag(this.#engine.now() - this.#expectedMs - 2);
      this.#engine.tick();
      this.#idle(wait);
    }, wait);
  }

  #lag(ms: number): void {
    if (this.#engine.startMs < this.#engine.now()) {
      this.#engine.recorder.record(TIME.loopLag, Math.max(0, ms) * 1000);
    }
  }
}
