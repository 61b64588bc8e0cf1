import { answerClock, clockMemory } from "./clock.ts";

/** Calls back at moments that are set one at a time, about 0.1 ms late. Disposing it ends its thread. */
export class Metronome implements Disposable {
  readonly #thread: Worker;
  readonly #memory = new SharedArrayBuffer(16);
  readonly #turn = new Int32Array(this.#memory, 0, 1);
  readonly #target = new Float64Array(this.#memory, 8, 1);

  private constructor(thread: Worker) {
    this.#thread = thread;
    this.#target[0] = Infinity;
  }

  /** Starts the thread. `now` is the clock in which moments are told; `beat` gets the moment that has come. */
  static start(now: () => number, beat: (atMs: number) => void): Metronome {
    const thread = new Worker(new URL("./metronome_thread.ts", import.meta.url), {
      type: "module",
      name: "metronome",
    });
    const metronome = new Metronome(thread);
    const clock = clockMemory();
    thread.onmessage = ({ data }: MessageEvent<number>) => beat(data);
    thread.postMessage({ clock, memory: metronome.#memory });
    answerClock(clock, now);
    return metronome;
  }

  /** The next call is due at `atMs`, in the place of any other; Infinity for none. */
  set(atMs: number): void {
    if (this.#target[0] === atMs) return;
    this.#wake(atMs);
  }

  /** The same moment or another, once the last call has come. */
  again(atMs: number): void {
    this.#wake(atMs);
  }

  #wake(atMs: number): void {
    this.#target[0] = atMs;
    Atomics.add(this.#turn, 0, 1);
    Atomics.notify(this.#turn, 0);
  }

  [Symbol.dispose](): void {
    this.#wake(-1);
    this.#thread.terminate();
  }
}
