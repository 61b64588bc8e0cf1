import { formatUs } from "../../run/threshold.ts";
import type { Sums } from "../../run/load_result.ts";

/** A generator whose messages or timers come later than this, at the 99th percentile, is the limit itself. µs. */
const LATE_US = 50_000;
/** Fewer values than these say nothing of the generator. */
const FEWEST = 100;

/** Why the generator was the limit of what was measured, in one sentence; undefined where it was not. */
export function generatorLimit(sums: Pick<Sums, "histograms">): string | undefined {
  const lateness = sums.histograms.get("lateness");
  if (lateness && lateness.total >= FEWEST && lateness.percentile(99) > LATE_US) {
    return `The generator sent messages late: ${
      formatUs(lateness.percentile(99))
    } at the 99th percentile, and nothing but itself held them back`;
  }
  const lag = sums.histograms.get("loop-lag");
  if (lag && lag.total >= FEWEST && lag.percentile(99) > LATE_US) {
    return `The generator's own timers came late: ${formatUs(lag.percentile(99))} at the 99th percentile`;
  }
  return undefined;
}
