/** The maximum extension of a wait, as a multiple of its length, while the far end is still sending. */
const MOST_BUSY = 10;

/**
 * Counts down a wait: returns the remaining milliseconds, 0 once it is over. `busyMs` returns how long the
 * far end has been busy sending so far, which does not count, up to ten times the wait.
 */
export function countdown(withinMs: number, busyMs: () => number = () => 0): () => number {
  const begun = performance.now();
  const before = busyMs();
  return () => {
    const busy = Math.min(busyMs() - before, MOST_BUSY * withinMs);
    return Math.max(0, Math.ceil(begun + withinMs + busy - performance.now()));
  };
}
