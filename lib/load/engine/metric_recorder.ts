import { slotOf, SLOTS } from "../../run/histogram.ts";
import { type Counter, COUNTER_NAMES, type Counts, type Metric, METRIC_NAMES } from "../../run/metrics.ts";

/** The counts of one histogram since they were last taken: slots, and how many values each has. */
export interface SparseHistogram {
  readonly metric: Metric;
  readonly slots: Uint16Array;
  readonly times: Uint32Array;
}

/** What a worker has counted and timed since it was last asked. */
export interface MetricDelta {
  readonly counts: Counts;
  readonly reasons: Readonly<Record<string, number>>;
  readonly histograms: readonly SparseHistogram[];
}

interface Slots {
  readonly times: Uint32Array;
  lowest: number;
  highest: number;
}

/** Reasons that are told apart; the names come from a broker, so there is a bound. */
const MOST_REASONS = 100;

/** The number of a counter, for {@link MetricRecorder.counts}. */
export function counterAt(name: Counter): number {
  return COUNTER_NAMES.indexOf(name);
}

/** The number of a metric, for {@link MetricRecorder.record}. */
export function metricAt(name: Metric): number {
  return METRIC_NAMES.indexOf(name);
}

/** Where a worker counts and times. Hot path: nothing is allocated once a metric has been used. */
export class MetricRecorder {
  /** By {@link counterAt}; since the beginning. */
  readonly counts = new Float64Array(COUNTER_NAMES.length);
  readonly #taken = new Float64Array(COUNTER_NAMES.length);
  readonly #slots: (Slots | undefined)[] = METRIC_NAMES.map(() => undefined);
  #reasons = new Map<string, number>();

  /** Times something, in microseconds. */
  record(metric: number, us: number): void {
    const slots = this.#slots[metric] ??= { times: new Uint32Array(SLOTS), lowest: SLOTS, highest: -1 };
    const slot = slotOf(us);
    slots.times[slot] = (slots.times[slot] ?? 0) + 1;
    if (slot < slots.lowest) slots.lowest = slot;
    if (slot > slots.highest) slots.highest = slot;
  }

  /** Adds to a counter. */
  add(counter: number, times: number): void {
    this.counts[counter] = (this.counts[counter] ?? 0) + times;
  }

  /** Counts a connection that failed or was lost. */
  reason(reason: string): void {
    const name = this.#reasons.has(reason) || this.#reasons.size < MOST_REASONS ? reason : "other reasons";
    this.#reasons.set(name, (this.#reasons.get(name) ?? 0) + 1);
  }

  /** What came since the last time. */
  take(): MetricDelta {
    const counts: Counts = {};
    for (const [index, name] of COUNTER_NAMES.entries()) {
      const now = this.counts[index] ?? 0;
      const more = now - (this.#taken[index] ?? 0);
      if (more !== 0) counts[name] = more;
      this.#taken[index] = now;
    }
    const reasons = Object.fromEntries(this.#reasons);
    this.#reasons = new Map();
    const histograms: SparseHistogram[] = [];
    for (const [index, metric] of METRIC_NAMES.entries()) {
      const slots = this.#slots[index];
      if (slots && slots.highest >= 0) histograms.push(sparse(metric, slots));
    }
    return { counts, reasons, histograms };
  }
}

function sparse(metric: Metric, slots: Slots): SparseHistogram {
  const { times, lowest, highest } = slots;
  let used = 0;
  for (let slot = lowest; slot <= highest; slot++) if (times[slot] !== 0) used++;
  const found = { metric, slots: new Uint16Array(used), times: new Uint32Array(used) };
  let at = 0;
  for (let slot = lowest; slot <= highest; slot++) {
    const count = times[slot] ?? 0;
    if (count === 0) continue;
    found.slots[at] = slot;
    found.times[at++] = count;
  }
  times.fill(0, lowest, highest + 1);
  slots.lowest = SLOTS;
  slots.highest = -1;
  return found;
}
