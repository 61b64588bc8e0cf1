import { countdown } from "./countdown.ts";
import { StepFailed } from "./step_failed.ts";
import type { Taken } from "./party/party.ts";

/**
 * Takes the expected arrival. If the lane ignores the rest, other well-formed arrivals are skipped until the
 * timeout. `take` receives the remaining milliseconds; `busyMs` is as in {@link countdown}.
 */
export async function passingOver(
  ignores: () => boolean,
  withinMs: number,
  take: (leftMs: number) => Promise<Taken>,
  busyMs?: () => number,
): Promise<Taken> {
  const left = countdown(withinMs, busyMs);
  for (;;) {
    try {
      return await take(left());
    } catch (error) {
      if (!ignores() || !(error instanceof StepFailed) || !error.problem.unexpected) throw error;
    }
  }
}
