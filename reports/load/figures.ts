import type { LoadResult } from "../../lib/run/load_result.ts";
import { type Counter, type Metric, METRIC_NAMES, SHARE_OF } from "../../lib/run/metrics.ts";
import { TIMED } from "./chart_data.ts";
import { formatUs } from "../../lib/run/threshold.ts";

/** A figure of a load, for the comparison of runs. */
export interface Figure {
  readonly name: string;
  /** In microseconds, per second, as a count, a share of 1, cores, or MB. */
  readonly value: number;
  readonly shown: string;
  /** Which direction is better; `same` for a figure that only shows that the runs did the same work. */
  readonly wanted: "less" | "more" | "same";
}

const RATES: readonly (readonly [Counter, Figure["wanted"]])[] = [
  ["sent", "same"],
  ["acknowledged", "more"],
  ["received", "more"],
];

const COUNTS: readonly Counter[] = [
  "unsent",
  "failed",
  "unanswered",
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "unexpected",
  "late",
  "connect.failed",
  "disconnected",
];

/** The metrics with compared percentiles; the others have the same causes. */
const COMPARED: readonly Metric[] = [...TIMED, "lateness"];
const PERCENTILES = ["p50", "p99", "p999", "max"] as const;
const PERCENTILE_NAMES = { p50: "p50", p99: "p99", p999: "p99.9", max: "max" } as const;

/** The figures of a load: rates, percentiles, errors, and the generator's use of resources. */
export function figuresOf(load: LoadResult): readonly Figure[] {
  const figures: Figure[] = [];
  for (const [counter, wanted] of RATES) {
    const count = load.measured[counter] ?? 0;
    if (count === 0 || load.measuredMs <= 0) continue;
    const value = count * 1000 / load.measuredMs;
    figures.push({ name: `${counter}.rate`, value, shown: `${rounded(value)}/s`, wanted });
  }
  for (const metric of METRIC_NAMES) {
    const timing = load.timings[metric];
    if (!timing || timing.count === 0 || !COMPARED.includes(metric)) continue;
    for (const name of PERCENTILES) {
      const value = timing[name];
      figures.push({
        name: `${metric}.${PERCENTILE_NAMES[name]}`,
        value,
        shown: formatUs(value),
        wanted: "less",
      });
    }
  }
  for (const counter of COUNTS) {
    const value = load.counts[counter] ?? 0;
    const whole = SHARE_OF[counter];
    if (value === 0 && (whole === undefined || (load.counts[whole] ?? 0) === 0)) continue;
    figures.push({ name: counter, value, shown: String(value), wanted: "less" });
  }
  const { cpu, memory } = load.gauges;
  const brokerCpu = load.gauges["broker.cpu"];
  const search = load.gauges["search.rate"];
  if (search !== undefined) {
    figures.push({ name: "search.rate", value: search, shown: `${rounded(search)}/s`, wanted: "more" });
  }
  if (cpu !== undefined) {
    figures.push({ name: "cpu", value: cpu, shown: `${rounded(cpu)} cores`, wanted: "less" });
  }
  if (brokerCpu !== undefined) {
    figures.push({
      name: "broker.cpu",
      value: brokerCpu,
      shown: `${rounded(brokerCpu)} cores`,
      wanted: "less",
    });
  }
  if (memory !== undefined) {
    figures.push({ name: "memory", value: memory, shown: `${rounded(memory)} MB`, wanted: "less" });
  }
  return figures;
}

/** Four significant digits, without trailing zeros. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
