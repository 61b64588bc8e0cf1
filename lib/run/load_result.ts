import { defined } from "../ground/defined.ts";
import { Histogram } from "./histogram.ts";
import type {
  Health,
  LoadEnded,
  LoadEvent,
  LoadFault,
  LoadSecond,
  LoadStarted,
  LoadTrial,
} from "./load_event.ts";
import {
  addCounts,
  addReasons,
  type Counts,
  type Gauge,
  type Metric,
  METRIC_NAMES,
  SHARE_OF,
} from "./metrics.ts";
import { type PromiseResult, promises } from "./promises.ts";
import { formatValue, holds, parseThreshold, type Subject, type Threshold } from "./threshold.ts";

/** A distribution as numbers for a reader, in microseconds, and as the histogram itself. */
export interface Distribution {
  /** The number of values. */
  readonly count: number;
  /** The smallest value. */
  readonly min: number;
  /** Half of the values are at most this. */
  readonly p50: number;
  /** 90 % of the values are at most this. */
  readonly p90: number;
  /** 99 % of the values are at most this. */
  readonly p99: number;
  /** 99.9 % of the values are at most this. */
  readonly p999: number;
  /** The largest value. */
  readonly max: number;
  /** HDR V2, compressed, base64. */
  readonly hdr: string;
}

/** A threshold and its result. */
export interface ThresholdResult {
  /** The condition as written in the profile. */
  readonly expression: string;
  /**
   * `inconclusive` if the generator was the limit, `skip` if there is nothing to judge; neither counts as
   * held.
   */
  readonly verdict: "pass" | "fail" | "inconclusive" | "skip";
  /** In microseconds, per second, as a fraction of 1 or as a count; absent if nothing was measured. */
  readonly actual?: number;
  /** The same for the reader. */
  readonly shown: string;
}

/** The text in place of a value if nothing happened that a condition is about. */
export const NOTHING = "nothing to judge";

/** The result of a load. */
export interface LoadResult extends Omit<LoadStarted, "kind" | "t" | "thresholds"> {
  /** The counts and timings of each second. */
  readonly series: readonly Omit<LoadSecond, "kind">[];
  /** The timings of the whole run, without the warm-up. */
  readonly timings: Partial<Readonly<Record<Metric, Distribution>>>;
  /** The counts of the whole run, including the warm-up. */
  readonly counts: Counts;
  /** The counts of the measured seconds. */
  readonly measured: Counts;
  /** The total duration of the measured seconds, in milliseconds. */
  readonly measuredMs: number;
  /** The connections that failed or were lost, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The values read from the machine. */
  readonly gauges: Partial<Readonly<Record<Gauge, number>>>;
  /** The conditions on the measurements, with their results. */
  readonly thresholds: readonly ThresholdResult[];
  /** The promises of QoS and session, with their results. */
  readonly promises: readonly PromiseResult[];
  /** Evidence of broken promises and protocol errors. */
  readonly faults: readonly Omit<LoadFault, "kind">[];
  /** The rates that a search has tried. */
  readonly trials: readonly Omit<LoadTrial, "kind">[];
  /** Why the generator was the limit; then the measurements say nothing about the broker. */
  readonly generatorLimited?: string;
  /** Why it ended before its stages did, in a sentence. */
  readonly endedEarly?: string;
  /** What the broker counted itself: differences of its `$SYS` counters. */
  readonly sys?: Readonly<Record<string, number>>;
}

/**
 * Builds the result of a load from its events; undefined if there was no load. For a cut journal it adds up
 * the seconds, without the counts that are known only at the end.
 */
export function foldLoad(events: Iterable<LoadEvent>): LoadResult | undefined {
  let started: LoadStarted | undefined;
  let ended: LoadEnded | undefined;
  const seconds: LoadSecond[] = [];
  const faults: LoadFault[] = [];
  const trials: LoadTrial[] = [];
  for (const event of events) {
    switch (event.kind) {
      case "load-started":
        started ??= event;
        break;
      case "load-second":
        seconds.push(event);
        break;
      case "load-fault":
        faults.push(event);
        break;
      case "load-trial":
        trials.push(event);
        break;
      case "load-ended":
        ended = event;
        break;
      default:
        event satisfies never;
    }
  }
  if (!started) return undefined;
  const sums = ended ? sumsOfEnd(ended) : sumsOfSeconds(seconds);
  const gauges = gaugesOf(seconds, trials);
  // A search tries rates that are too high, so its thresholds are those of the best sustained rate.
  const judged = trials.length > 0 || started.executor === "search"
    ? sumsOfTrial(bestTrial(trials), sums)
    : sums;
  const { kind: _, t: _t, thresholds, ...plan } = started;
  return {
    ...plan,
    series: seconds.map(withoutKind),
    timings: Object.fromEntries([...sums.histograms].map(([name, one]) => [name, distribution(one)])),
    counts: sums.counts,
    measured: sums.measured,
    measuredMs: sums.measuredMs,
    reasons: sums.reasons,
    gauges,
    thresholds: thresholds.map((text) => judge(text, judged, gauges, ended)),
    promises: ended ? promises(sums.counts) : [],
    faults: faults.map(withoutKind),
    trials: trials.map(withoutKind),
    ...defined({ generatorLimited: ended?.generatorLimited, endedEarly: ended?.endedEarly, sys: ended?.sys }),
  };
}

/** The measurements of a load, added up. */
export interface Sums {
  readonly counts: Counts;
  readonly measured: Counts;
  readonly measuredMs: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly histograms: ReadonlyMap<Metric, Histogram>;
}

/** Returns the numbers of a histogram. */
export function distribution(histogram: Histogram): Distribution {
  return {
    count: histogram.total,
    min: histogram.min,
    p50: histogram.percentile(50),
    p90: histogram.percentile(90),
    p99: histogram.percentile(99),
    p999: histogram.percentile(99.9),
    max: histogram.max,
    hdr: histogram.encode(),
  };
}

/** Returns the measured value of a threshold's subject, or undefined if nothing was measured. */
export function measuredValue(
  subject: Subject,
  sums: Sums,
  gauges: Partial<Readonly<Record<Gauge, number>>>,
): number | undefined {
  switch (subject.kind) {
    case "percentile": {
      const histogram = sums.histograms.get(subject.metric);
      if (histogram === undefined || histogram.total === 0) return undefined;
      return subject.percent === 0 ? histogram.min : histogram.percentile(subject.percent);
    }
    case "values":
      return sums.histograms.get(subject.metric)?.total ?? 0;
    case "count":
      return sums.counts[subject.counter] ?? 0;
    case "rate":
      return sums.measuredMs > 0 ? (sums.measured[subject.counter] ?? 0) / sums.measuredMs * 1000 : undefined;
    case "share": {
      const whole = sums.counts[subject.of] ?? 0;
      return whole > 0 ? (sums.counts[subject.counter] ?? 0) / whole : undefined;
    }
    case "gauge":
      return gauges[subject.gauge];
  }
}

/** Returns the thresholds that do not hold, including those without a measurement. */
export function missedThresholds(thresholds: readonly Threshold[], sums: Sums): readonly string[] {
  return thresholds.filter((one) => {
    const value = measuredValue(one.subject, sums, {});
    return value === undefined || !holds(one, value);
  }).map((one) => one.expression);
}

/** Explains in a sentence why a load judged nothing; undefined if it judged a threshold or a promise. */
export function unjudgedLoad({ thresholds, promises }: LoadResult): string | undefined {
  if ([...thresholds, ...promises].some(({ verdict }) => verdict !== "skip")) return undefined;
  return "Nothing was judged: no threshold or promise applies to what was measured";
}

/** Whether thresholds and promises hold, the generator was not the limit, and anything was judged. */
export function loadHolds(load: LoadResult): boolean {
  return load.generatorLimited === undefined &&
    load.thresholds.every(({ verdict }) => verdict === "pass") &&
    load.promises.every(({ verdict }) => verdict !== "fail") &&
    unjudgedLoad(load) === undefined;
}

function withoutKind<T extends { readonly kind: unknown }>({ kind: _, ...rest }: T): Omit<T, "kind"> {
  return rest;
}

function judge(
  text: string,
  sums: Sums,
  gauges: LoadResult["gauges"],
  ended: LoadEnded | undefined,
): ThresholdResult {
  const read = parseThreshold(text);
  if ("problem" in read) {
    return { expression: text, verdict: "inconclusive", shown: "this version cannot read the threshold" };
  }
  const { threshold } = read;
  const { expression, subject } = threshold;
  const actual = measuredValue(subject, sums, gauges);
  if (actual === undefined) return { expression, verdict: "skip", shown: NOTHING };
  const shown = formatValue(subject, actual);
  if (ended === undefined) return { expression, verdict: "inconclusive", actual, shown: `${shown}, cut off` };
  if (ended.generatorLimited !== undefined) {
    return { expression, verdict: "inconclusive", actual, shown: `${shown}, generator-limited` };
  }
  if (isOfNothing(subject, sums)) return { expression, verdict: "skip", shown: NOTHING };
  return { expression, verdict: holds(threshold, actual) ? "pass" : "fail", actual, shown };
}

/** Whether a count is part of something that did not happen, such as losses without any expected delivery. */
function isOfNothing(subject: Subject, { counts }: Sums): boolean {
  if (subject.kind !== "count" || counts[subject.counter]) return false;
  const whole = SHARE_OF[subject.counter];
  return whole !== undefined && !counts[whole];
}

function sumsOfEnd(ended: LoadEnded): Sums {
  const histograms = new Map<Metric, Histogram>();
  addHistograms(histograms, ended.histograms);
  const { counts, measured, measuredMs, reasons } = ended;
  return { counts, measured, measuredMs, reasons, histograms };
}

function sumsOfSeconds(seconds: readonly LoadSecond[]): Sums {
  const counts: Counts = {};
  const measured: Counts = {};
  const reasons: Record<string, number> = {};
  const histograms = new Map<Metric, Histogram>();
  let measuredMs = 0;
  for (const second of seconds) {
    addCounts(counts, second.counts);
    if (second.phase === "measure") {
      addCounts(measured, second.counts);
      measuredMs += second.lastedMs;
    }
    addReasons(reasons, second.reasons);
    addHistograms(histograms, second.histograms);
  }
  return { counts, measured, measuredMs, reasons, histograms };
}

/** Returns the highest rate at which the thresholds held, or the first one tried if there is none. */
function bestTrial(trials: readonly LoadTrial[]): LoadTrial | undefined {
  const kept = trials.filter(isKept);
  return kept.reduce<LoadTrial | undefined>(
    (best, one) => !best || one.rate > best.rate ? one : best,
    undefined,
  ) ??
    trials[0];
}

function isKept({ missed, generatorLimited }: LoadTrial): boolean {
  return missed.length === 0 && generatorLimited === undefined;
}

function sumsOfTrial(trial: LoadTrial | undefined, whole: Sums): Sums {
  if (!trial) return { counts: {}, measured: {}, measuredMs: 0, reasons: {}, histograms: new Map() };
  const histograms = new Map<Metric, Histogram>();
  addHistograms(histograms, trial.histograms);
  // Losses are known only at the end of the run.
  const counts = { ...whole.counts, ...trial.counts };
  return { counts, measured: trial.counts, measuredMs: trial.lastedMs, reasons: whole.reasons, histograms };
}

/** Adds histograms in their encoded form; an unreadable one is skipped. */
function addHistograms(
  sum: Map<Metric, Histogram>,
  encoded: Partial<Readonly<Record<Metric, string>>>,
): void {
  for (const name of METRIC_NAMES) {
    const text = encoded[name];
    if (text === undefined) continue;
    let read: Histogram;
    try {
      read = Histogram.decode(text);
    } catch {
      continue;
    }
    const own = sum.get(name);
    if (own) own.add(read);
    else sum.set(name, read);
  }
}

function gaugesOf(seconds: readonly LoadSecond[], trials: readonly LoadTrial[]): LoadResult["gauges"] {
  const gauges: Partial<Record<Gauge, number>> = {};
  const measured = seconds.filter(({ phase }) => phase === "measure");
  if (measured.length > 0) {
    gauges.cpu = weighted(measured, (health) => health.cpu);
    gauges.memory = Math.max(...seconds.map(({ health }) => health.memory)) / 1e6;
    // In the first half JavaScript engines still adjust their heap.
    const slope = memorySlope(measured.slice(Math.floor(measured.length / 2)));
    if (slope !== undefined) gauges["memory.slope"] = slope;
    if (measured.every(({ health }) => health.brokerCpu !== undefined)) {
      gauges["broker.cpu"] = weighted(measured, (health) => health.brokerCpu ?? 0);
    }
  }
  const kept = trials.filter(isKept);
  if (kept.length > 0) gauges["search.rate"] = Math.max(...kept.map(({ rate }) => rate));
  return gauges;
}

function weighted(seconds: readonly LoadSecond[], of: (health: Health) => number): number {
  const time = seconds.reduce((sum, one) => sum + one.lastedMs, 0);
  return time > 0 ? seconds.reduce((sum, one) => sum + of(one.health) * one.lastedMs, 0) / time : 0;
}

/** Returns the least-squares slope of the memory over the seconds, in MB per hour; needs ten seconds. */
function memorySlope(seconds: readonly LoadSecond[]): number | undefined {
  if (seconds.length < 10) return undefined;
  const hours = seconds.map(({ t }) => t / 3_600_000);
  const sizes = seconds.map(({ health }) => health.memory / 1e6);
  const meanX = hours.reduce((sum, x) => sum + x, 0) / hours.length;
  const meanY = sizes.reduce((sum, y) => sum + y, 0) / sizes.length;
  let above = 0;
  let below = 0;
  for (const [index, x] of hours.entries()) {
    above += (x - meanX) * ((sizes[index] ?? 0) - meanY);
    below += (x - meanX) ** 2;
  }
  return below > 0 ? above / below : undefined;
}
