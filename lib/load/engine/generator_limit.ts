import { formatUs } from "../../run/threshold.ts";
import type { Sums } from "../../run/load_result.ts";
import type { Metric } from "../../run/metrics.ts";

/** The generator is the limit if its messages or timers are later than this at the 99th percentile; µs. */
const LATE_US = 50_000;
/** With fewer values, the generator is not judged. */
const FEWEST = 100;

/** The metrics of messages and answers. Only these are late if a worker is. */
const ANSWERS: readonly Metric[] = ["latency", "puback", "pubrec", "pubcomp", "response", "retained.latency"];

/**
 * Returns a sentence about why the generator, and not the broker, limited what was measured; undefined if it did not.
 */
export function generatorLimit(sums: Pick<Sums, "histograms">): string | undefined {
  const lateness = sums.histograms.get("lateness");
  if (lateness && lateness.total >= FEWEST && lateness.percentile(99) > LATE_US) {
    return `The generator sent messages late: ${
      formatUs(lateness.percentile(99))
    } at the 99th percentile, and nothing else delayed them`;
  }
  const timed = ANSWERS.some((name) => (sums.histograms.get(name)?.total ?? 0) > 0);
  const lag = sums.histograms.get("loop-lag");
  if (timed && lag && lag.total >= FEWEST && lag.percentile(99) > LATE_US) {
    return `The generator's own timers came late: ${formatUs(lag.percentile(99))} at the 99th percentile`;
  }
  return undefined;
}
