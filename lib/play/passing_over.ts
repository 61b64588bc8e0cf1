import { countdown } from "./countdown.ts";
import { StepFailed } from "./step_failed.ts";
import type { Taken } from "./party/party.ts";

/**
 * Takes what is due; where the lane ignores the rest, what comes meanwhile and is right in itself is passed over until
 * the time is up. `take` is given the milliseconds that are left; `busyMs` is as in {@link countdown}.
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
