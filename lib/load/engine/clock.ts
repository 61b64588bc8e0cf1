/**
 * One clock for all threads. Each thread's performance.now() counts from its own start on the same monotonic clock, so
 * what differs is an offset, which two threads find by asking each other; some µs exact.
 */

const ROUNDS = 50;
const ASKED = 0;
const ANSWERED = 1;
const WAIT_MS = 2_000;

/** Memory in which two threads compare their clocks. */
export function clockMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** Answers another thread's {@link compareClock}; blocks until it has asked. `now` is the clock to be shared. */
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

/** What has to be added to this thread's performance.now() to have the other's clock. */
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
