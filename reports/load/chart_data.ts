import { Histogram } from "../../lib/run/histogram.ts";
import { highestOf, SLOTS } from "../../lib/run/histogram_slots.ts";
import type { LoadResult } from "../../lib/run/load_result.ts";
import { type Counter, type Metric, METRIC_NAMES } from "../../lib/run/metrics.ts";

/** The data of a run for the charts: a column for each line, with null for no value. */
export interface ChartRun {
  readonly name: string;
  /** Seconds since the load began, at the end of each point. */
  readonly time: readonly number[];
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  /** Which point legends show while no pointer is on a chart: the last one that was measured. */
  readonly shown: number;
  /** Distributions: `[nines, milliseconds]`, where 0 nines are 0 %, 1 is 90 %, 2 are 99 %, and so on. */
  /** For a search, the result of each rate, from the lowest rate up; milliseconds. */
  readonly curve: readonly CurvePoint[];
  readonly distributions: Partial<Readonly<Record<Metric, readonly (readonly [number, number])[]>>>;
}

/** A rate of a search and the times at it; null if nothing was timed. */
export interface CurvePoint {
  readonly rate: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The most points of a chart over time. For longer runs seconds are combined, so the page stays small. */
const POINTS = 3_600;
/** The metrics with percentiles over time; those of the generator show its health. */
export const TIMED: readonly Metric[] = METRIC_NAMES.filter((name) =>
  !name.endsWith(".actual") && name !== "connect.tcp" && name !== "connect.tls" &&
  name !== "connect.connack" &&
  name !== "lateness" && name !== "loop-lag"
);
const PERCENTILES = [50, 90, 99, 99.9, 100] as const;

const RATE_COLUMNS: readonly Counter[] = ["planned", "sent", "acknowledged", "received"];
/** The counters of what went wrong, each a column. */
export const ERROR_COLUMNS: readonly Counter[] = [
  "failed",
  "connect.failed",
  "disconnected",
  "corrupted",
  "duplicated",
  "reordered",
  "unexpected",
  "late",
];

type Second = LoadResult["series"][number];

/** Makes the columns of a run. Combined seconds have their counts and histograms added, never averaged. */
export function chartRun(name: string, load: LoadResult): ChartRun {
  const step = Math.max(1, Math.ceil(load.series.length / POINTS));
  const points: (readonly Second[])[] = [];
  for (let at = 0; at < load.series.length; at += step) points.push(load.series.slice(at, at + step));
  const columns: Record<string, (number | null)[]> = {};
  const put = (column: string, value: number | null) => (columns[column] ??= []).push(value);
  const timed = TIMED.filter((metric) =>
    load.series.some(({ histograms }) => histograms[metric] !== undefined)
  );
  const time: number[] = [];
  let shown = 0;
  for (const seconds of points) {
    const last = seconds.at(-1);
    if (!last) continue;
    if (last.phase === "measure") shown = time.length;
    const lasted = seconds.reduce((sum, one) => sum + one.lastedMs, 0) / 1000;
    time.push(round(last.second + last.lastedMs / 1000));
    const rate = (counter: Counter) => {
      const count = seconds.reduce((sum, { counts }) => sum + (counts[counter] ?? 0), 0);
      return lasted > 0 ? round(count / lasted) : null;
    };
    for (const counter of RATE_COLUMNS) put(counter, rate(counter));
    for (const counter of ERROR_COLUMNS) put(counter, rate(counter));
    put("connected", last.connected);
    put("attempted", rate("connect.attempted"));
    put("cpu", round(mean(seconds, ({ health }) => health.cpu)));
    put("memory", round(Math.max(...seconds.map(({ health }) => health.memory)) / 1e6));
    const broker = seconds.every(({ health }) => health.brokerCpu !== undefined);
    put("broker.cpu", broker ? round(mean(seconds, ({ health }) => health.brokerCpu ?? 0)) : null);
    put("lateness.p99", percentiles(seconds, "lateness", [99])[0] ?? null);
    put("loop-lag.p99", percentiles(seconds, "loop-lag", [99])[0] ?? null);
    for (const metric of timed) {
      const values = percentiles(seconds, metric, PERCENTILES);
      for (const [index, percent] of PERCENTILES.entries()) {
        put(`${metric}.p${percent}`, values[index] ?? null);
      }
    }
  }
  // Counters that stayed 0 need no line.
  for (const [column, values] of Object.entries(columns)) {
    if (values.every((value) => value === null) || (isCounted(column) && values.every((value) => !value))) {
      delete columns[column];
    }
  }
  return { name, time, columns, shown, curve: curveOf(load).points, distributions: distributions(load) };
}

/** The curve of rate against latency of a search, and its metric: latency, or otherwise acknowledgements. */
export function curveOf(
  load: LoadResult,
): { readonly metric: Metric | undefined; readonly points: readonly CurvePoint[] } {
  const metric = TIMED.find((name) => load.trials.some(({ histograms }) => histograms[name] !== undefined));
  const points = load.trials.toSorted((a, b) => a.rate - b.rate).map(({ rate, histograms }) => {
    const histogram = metric && decode(histograms[metric]);
    const at = (percent: number) =>
      histogram && histogram.total > 0 ? round(histogram.percentile(percent) / 1000) : null;
    return { rate, p50: at(50), p99: at(99), max: at(100) };
  });
  return { metric, points };
}

function isCounted(column: string): boolean {
  return column === "attempted" || [...RATE_COLUMNS, ...ERROR_COLUMNS].some((counter) => counter === column);
}

function mean(seconds: readonly Second[], of: (second: Second) => number): number {
  return seconds.reduce((sum, one) => sum + of(one), 0) / Math.max(1, seconds.length);
}

/** Percentiles in milliseconds of a metric over some seconds; empty if nothing was timed. */
function percentiles(
  seconds: readonly Second[],
  metric: Metric,
  wanted: readonly number[],
): readonly number[] {
  const read = seconds.flatMap(({ histograms }) => decode(histograms[metric]) ?? []);
  const [sum, ...others] = read;
  if (!sum) return [];
  for (const other of others) sum.add(other);
  return sum.total === 0 ? [] : wanted.map((percent) => round(sum.percentile(percent) / 1000));
}

/** Reads a histogram. A journal may contain anything, so invalid data is ignored. */
function decode(text: string | undefined): Histogram | undefined {
  if (text === undefined) return undefined;
  try {
    return Histogram.decode(text);
  } catch {
    return undefined;
  }
}

function distributions(load: LoadResult): ChartRun["distributions"] {
  const found: Partial<Record<Metric, readonly (readonly [number, number])[]>> = {};
  for (const metric of METRIC_NAMES) {
    const histogram = decode(load.timings[metric]?.hdr);
    if (histogram && histogram.total > 0) found[metric] = distribution(histogram);
  }
  return found;
}

/** The curve of a distribution: a point for each value, at most some hundred, on an axis of nines up to the last value. */
function distribution(histogram: Histogram): readonly (readonly [number, number])[] {
  const points: [number, number][] = [];
  const last = Math.log10(histogram.total) + 0.05;
  let seen = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    const times = histogram.counts[slot] ?? 0;
    if (times === 0) continue;
    seen += times;
    const rest = 1 - seen / histogram.total;
    const nines = rest <= 0 ? last : Math.min(last, -Math.log10(rest));
    const before = points.at(-1);
    // Differences below a hundredth of a nine are not visible on a screen.
    if (before && nines - before[0] < 0.01 && rest > 0) continue;
    points.push([Math.round(nines * 1000) / 1000, round(highestOf(slot) / 1000)]);
  }
  return points;
}

/** Four significant digits. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
