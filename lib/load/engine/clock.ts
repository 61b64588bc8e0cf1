/**
 * One clock for all threads. The performance.now() of each thread counts from the thread's own start on the same monotonic
 * clock, so two threads differ by an offset. They measure it by exchanging times over shared memory, with an error of some µs.
 */

const ROUNDS = 50;
const ASKED = 0;
const ANSWERED = 1;
const WAIT_MS = 2_000;

/** Makes the memory over which two threads compare their clocks. */
export function clockMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** Answers another thread's {@link compareClock}, and blocks until that is done. `now` is the clock to share. */
export function answerClock(memory: SharedArrayBuffer, now: () => number): void {
  const turns = new Int32Array(memory, 0, 2);
  const time = new Float64Array(memory, 8, 1);
  for (let round = 1; round <= ROUNDS; round++) {
    if (Atomics.wait(turns, ASKED, round - 1, WAIT_MS) === "timed-out") return;
    time[0] = now();
    Atomics.store(turns, ANSWERED, round);
    Atomics.notify(turns, ANSWERED);
  }
}

/** Returns the offset to add to this thread's performance.now() to get the other thread's clock. */
export function compareClock(memory: SharedArrayBuffer): number {
  const turns = new Int32Array(memory, 0, 2);
  const time = new Float64Array(memory, 8, 1);
  let best = Infinity;
  let offset = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const before = performance.now();
    Atomics.store(turns, ASKED, round);
    Atomics.notify(turns, ASKED);
    if (Atomics.wait(turns, ANSWERED, round - 1, WAIT_MS) === "timed-out") break;
    const after = performance.now();
    if (after - before >= best) continue;
    best = after - before;
    offset = (time[0] ?? 0) - (before + after) / 2;
  }
  return offset;
}
