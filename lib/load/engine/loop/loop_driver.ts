import { setImmediate } from "node:timers";
import { TIME } from "../counter_ids.ts";
import type { Engine } from "../engine.ts";
import { PreciseTimer } from "./precise_timer.ts";
import { SelfPipe } from "./self_pipe.ts";

/** The time between two turns if nothing is scheduled, in milliseconds. */
const IDLE_MS = 10;
/** The shortest time between two turns. Messages scheduled within it are sent together, and their lateness is counted. */
const SHORTEST_MS = 0.25;
/** How late Deno's timers are by themselves, in milliseconds. */
const TIMER_LATE_MS = 2;

/** Memory that nobody notifies, so a wait on it always runs to its timeout. */
const SLEEP = new Int32Array(new SharedArrayBuffer(4));

function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Calls an engine's `tick()` at the right times: with a precise timer when messages are scheduled, or at a fixed pace in
 * throughput mode.
 */
export class LoopDriver {
  readonly #engine: Engine;
  #precise: PreciseTimer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #expectedMs = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Starts the calls. */
  start(): void {
    const engine = this.#engine;
    if (engine.paced) {
      void this.#runPaced();
      return;
    }
    if (engine.scheduled) this.#precise = PreciseTimer.start(engine.now, (atMs) => this.#fired(atMs));
    this.#runIdle();
  }

  /** Resets the timer because the schedule has changed. */
  reschedule(): void {
    this.#precise?.set(this.#engine.nextDueMs);
  }

  /** Stops the precise timer, so it triggers no more messages. */
  stopSending(): void {
    this.#precise?.[Symbol.dispose]();
    this.#precise = undefined;
  }

  /** Stops all calls. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.stopSending();
  }

  #fired(atMs: number): void {
    const now = this.#engine.now();
    this.#recordLag(now - atMs);
    this.#engine.tick();
    this.#precise?.set(Math.max(this.#engine.nextDueMs, now + SHORTEST_MS));
  }

  /**
   * Blocks the thread between two turns. A thread that waits for events instead is woken by each packet that arrives,
   * even before it wants to read it.
   */
  async #runPaced(): Promise<void> {
    const { pauseMs } = this.#engine.plan;
    using pipe = await SelfPipe.open().catch(() => undefined);
    // Without a permission for loopback the turns are the same, but each packet wakes the thread.
    if (!pipe) return this.#runIdle(pauseMs);
    let next = this.#engine.now();
    while (!this.#stopped) {
      const now = this.#engine.now();
      next = Math.max(next + pauseMs, now + SHORTEST_MS);
      Atomics.wait(SLEEP, 0, 0, next - now);
      this.#recordLag(this.#engine.now() - next);
      await pipe.poll();
      // Reads that the system completed together with the pipe's read run before this resolves.
      await immediate();
      this.#engine.tick();
    }
  }

  #runIdle(wait = IDLE_MS): void {
    if (this.#stopped) return;
    this.#expectedMs = this.#engine.now() + wait;
    this.#timer = setTimeout(() => {
      this.#recordLag(this.#engine.now() - this.#expectedMs - TIMER_LATE_MS);
      this.#engine.tick();
      this.#runIdle(wait);
    }, wait);
  }

  #recordLag(ms: number): void {
    if (this.#engine.startMs < this.#engine.now()) {
      this.#engine.recorder.record(TIME.loopLag, Math.max(0, ms) * 1000);
    }
  }
}
