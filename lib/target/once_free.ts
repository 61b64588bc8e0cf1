import { pause } from "../ground/wait.ts";

/** The pause before the next attempt on a port that is in use, in milliseconds. */
const AGAIN_MS = 50;

/**
 * Starts a listener on a port that was free a moment ago, and retries for `withinMs` milliseconds. The system
 * may have given the port to another connection in the meantime. Throws what `start` throws.
 */
export async function onceFree<T>(
  start: () => Promise<T>,
  withinMs: number,
  signal: AbortSignal,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const inUse = error instanceof Deno.errors.AddrInUse;
      if (!inUse || signal.aborted || performance.now() >= until) throw error;
    }
    await pause(AGAIN_MS, signal);
  }
}
