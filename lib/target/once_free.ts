import { pause } from "../ground/wait.ts";

/** Milliseconds until what listens at a port that is in use is tried again. */
const AGAIN_MS = 50;

/**
 * Starts what listens at a port that was free a moment ago, within so many milliseconds. The system may have given the port to
 * a connection of somebody else, who has it until that ends. Throws what `start` throws.
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
