import { answerClock, clockMemory } from "../clock.ts";

/** A timer that is about 0.1 ms late, in its own thread. It is set for one time at a time. Disposing it ends the thread. */
export class PreciseTimer implements Disposable {
  readonly #thread: Worker;
  readonly #memory = new SharedArrayBuffer(16);
  readonly #turn = new Int32Array(this.#memory, 0, 1);
  readonly #target = new Float64Array(this.#memory, 8, 1);

  private constructor(thread: Worker) {
    this.#thread = thread;
    this.#target[0] = Infinity;
  }

  /** Starts the thread. `now` is the clock of the timer; `fired` receives the time for which it was set. */
  static start(now: () => number, fired: (atMs: number) => void): PreciseTimer {
    const thread = new Worker(new URL("./precise_timer_thread.ts", import.meta.url), {
      type: "module",
      name: "precise timer",
    });
    const timer = new PreciseTimer(thread);
    const clock = clockMemory();
    thread.onmessage = ({ data }: MessageEvent<number>) => fired(data);
    thread.postMessage({ clock, memory: timer.#memory });
    answerClock(clock, now);
    return timer;
  }

  /** Sets the timer for `atMs`, replacing any earlier setting; Infinity for never. Set it again after it has fired. */
  set(atMs: number): void {
    this.#target[0] = atMs;
    Atomics.add(this.#turn, 0, 1);
    Atomics.notify(this.#turn, 0);
  }

  [Symbol.dispose](): void {
    this.set(-1);
    this.#thread.terminate();
  }
}
