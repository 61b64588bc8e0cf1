/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The thread of a precise timer: sleeps on shared memory until a time, and posts that time.
 *
 * Measured: Deno's own timers are up to some ms late, this one about 0.1 ms, which is precise enough for a message per
 * millisecond. A waiting thread costs nothing.
 */
import { compareClock } from "../clock.ts";

addEventListener(
  "message",
  ({ data }: MessageEvent<{ clock: SharedArrayBuffer; memory: SharedArrayBuffer }>) => {
    const offset = compareClock(data.clock);
    const turn = new Int32Array(data.memory, 0, 1);
    const target = new Float64Array(data.memory, 8, 1);
    for (;;) {
      const seen = Atomics.load(turn, 0);
      const at = target[0] ?? Infinity;
      if (at < 0) break;
      const wait = at - (performance.now() + offset);
      // A new setting changes the turn, so it is read at once.
      if (wait > 0 && Atomics.wait(turn, 0, seen, Math.min(wait, 60_000)) !== "timed-out") continue;
      if (at - (performance.now() + offset) > 0) continue;
      postMessage(at);
      Atomics.wait(turn, 0, seen);
    }
    close();
  },
);
