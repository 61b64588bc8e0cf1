/**
 * Counts a wait down: gives the milliseconds that are left of it, 0 once it is over. `busyMs` tells how long the far end
 * has been busy saying something by now, which does not count.
 */
export function countdown(withinMs: number, busyMs: () => number = () => 0): () => number {
  const until = performance.now() + withinMs - busyMs();
  return () => Math.max(0, Math.ceil(until + busyMs() - performance.now()));
}
