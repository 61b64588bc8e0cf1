import { StepFailed } from "./step_failed.ts";
import type { Taken } from "./party/party.ts";

/**
 * Takes what is due; where the lane ignores the rest, what comes meanwhile and is right in itself is passed over until
 * the time is up. `take` is given the milliseconds that are left.
 */
export async function passingOver(
  ignores: () => boolean,
  withinMs: number,
  take: (leftMs: number) => Promise<Taken>,
): Promise<Taken> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await take(Math.max(0, Math.ceil(until - performance.now())));
    } catch (error) {
      if (!ignores() || !(error instanceof StepFailed) || !error.problem.unexpected) throw error;
    }
  }
}
