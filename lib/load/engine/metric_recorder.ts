import { slotOf, SLOTS } from "../../run/histogram_slots.ts";
import { type Counter, COUNTER_NAMES, type Counts, type Metric, METRIC_NAMES } from "../../run/metrics.ts";

/** What one histogram has gained since the last call: slots, and the number of values in each. */
export interface SparseHistogram {
  readonly metric: Metric;
  readonly slots: Uint16Array;
  readonly times: Uint32Array;
}

/** What a worker has counted and timed since the last call. */
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

/** The most reasons that are counted separately. They contain texts of a broker, so their number must be bounded. */
const MOST_REASONS = 100;

/** The index of a counter, for {@link MetricRecorder.add}. */
export function counterAt(name: Counter): number {
  return COUNTER_NAMES.indexOf(name);
}

/** The index of a metric, for {@link MetricRecorder.record}. */
export function metricAt(name: Metric): number {
  return METRIC_NAMES.indexOf(name);
}

/** Counts and times a worker's actions. Hot path: nothing is allocated after the first value of a metric. */
export class MetricRecorder {
  /** The counts since the run began, by {@link counterAt}. */
  readonly counts = new Float64Array(COUNTER_NAMES.length);
  readonly #taken = new Float64Array(COUNTER_NAMES.length);
  readonly #slots: (Slots | undefined)[] = METRIC_NAMES.map(() => undefined);
  #reasons = new Map<string, number>();

  /** Adds a time in microseconds to a metric. */
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

  /** Counts the reason why a connection failed or was lost. */
  reason(reason: string): void {
    const name = this.#reasons.has(reason) || this.#reasons.size < MOST_REASONS ? reason : "other reasons";
    this.#reasons.set(name, (this.#reasons.get(name) ?? 0) + 1);
  }

  /** Returns what was added since the last call. */
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
