import { Histogram } from "../../run/histogram.ts";
import type { LoadSecond } from "../../run/load_event.ts";
import { addCounts, type Counts, type Metric } from "../../run/metrics.ts";
import type { Sums } from "../../run/load_result.ts";
import type { MetricDelta } from "./metric_recorder.ts";

/** The sums of the workers' counts and timings, over a second, a trial or the whole run. */
export class MetricSums implements Sums {
  readonly counts: Counts = {};
  readonly measured: Counts = {};
  measuredMs = 0;
  readonly reasons: Record<string, number> = {};
  readonly histograms = new Map<Metric, Histogram>();

  /** Adds the counts and timings of one worker. */
  add(delta: MetricDelta): void {
    addCounts(this.counts, delta.counts);
    for (const [reason, times] of Object.entries(delta.reasons)) {
      this.reasons[reason] = (this.reasons[reason] ?? 0) + times;
    }
    for (const { metric, slots, times } of delta.histograms) {
      const histogram = this.#histogram(metric);
      for (let at = 0; at < slots.length; at++) histogram.addAt(slots[at] ?? 0, times[at] ?? 0);
    }
  }

  /** Adds the sums of a second; they also count as measured if the phase is `measure`. */
  addSecond(second: MetricSums, phase: LoadSecond["phase"], lastedMs: number): void {
    addCounts(this.counts, second.counts);
    if (phase === "measure") {
      addCounts(this.measured, second.counts);
      this.measuredMs += lastedMs;
    }
    for (const [reason, times] of Object.entries(second.reasons)) {
      this.reasons[reason] = (this.reasons[reason] ?? 0) + times;
    }
    for (const [metric, histogram] of second.histograms) this.#histogram(metric).add(histogram);
  }

  /** The histograms in their encoded form; empty ones are left out. */
  encoded(): Partial<Record<Metric, string>> {
    const encoded: Partial<Record<Metric, string>> = {};
    for (const [metric, histogram] of this.histograms) {
      if (histogram.total > 0) encoded[metric] = histogram.encode();
    }
    return encoded;
  }

  #histogram(metric: Metric): Histogram {
    const known = this.histograms.get(metric);
    if (known) return known;
    const made = new Histogram();
    this.histograms.set(metric, made);
    return made;
  }
}
