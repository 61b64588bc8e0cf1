import { setImmediate } from "node:timers";

/** How long the work of a thread may go on before its event loop has a turn, in milliseconds. */
const TURN_MS = 5;

/** When the event loop was last let go, in ms of `performance.now()`. */
let sinceMs = performance.now();
let next: Promise<void> | undefined;

/**
 * Returns a promise that work has to wait for if it has kept the thread for some milliseconds; undefined if it may go on at once.
 * Reads of a connection on which bytes always wait resolve without a turn of the event loop, so that a loop of such reads would
 * keep timers, signals and messages of other threads waiting for ever.
 */
export function turnDue(): Promise<void> | undefined {
  if (next) return next;
  if (performance.now() - sinceMs < TURN_MS) return undefined;
  return next = new Promise((resolve) =>
    setImmediate(() => {
      sinceMs = performance.now();
      next = undefined;
      resolve();
    })
  );
}
