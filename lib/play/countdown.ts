/** So many times its length a wait is put off at most, however long the far end goes on saying something. */
const MOST_BUSY = 10;

/**
 * Counts a wait down: gives the milliseconds that are left of it, 0 once it is over. `busyMs` tells how long the far end
 * has been busy saying something by now, which does not count, up to ten times the wait.
 */
export function countdown(withinMs: number, busyMs: () => number = () => 0): () => number {
  const begun = performance.now();
  const before = busyMs();
  return () => {
    const busy = Math.min(busyMs() - before, MOST_BUSY * withinMs);
    return Math.max(0, Math.ceil(begun + withinMs + busy - performance.now()));
  };
}
