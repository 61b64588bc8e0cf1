import { Histogram } from "../../lib/run/histogram.ts";
import type { LoadSecond } from "../../lib/run/load_event.ts";
import { addCounts, COUNTER_NAMES, type Counts, type Metric, METRIC_NAMES } from "../../lib/run/metrics.ts";
import { csvText } from "../csv.ts";
import type { LoadRun } from "./load_run.ts";

/** The percentiles of each metric in a row. */
const PERCENTILES = [50, 90, 99, 100] as const;

type Second = Omit<LoadSecond, "kind">;

const HEAD: readonly string[] = [
  "row",
  "number",
  "phase",
  "stage",
  "kind",
  "end s",
  "lasted s",
  "connected",
  ...COUNTER_NAMES,
  ...METRIC_NAMES.flatMap((metric) => [
    `${metric} count`,
    ...PERCENTILES.map((percent) => `${metric} ${percent === 100 ? "max" : `p${percent}`} us`),
  ]),
  "cores",
  "memory bytes",
  "broker cores",
];

/**
 * A load as CSV: a row for each second, and then one for each stage, with all counters, the percentiles of what was
 * timed in microseconds, and what the generator used. What was not timed is empty. The columns are always the same.
 */
export function renderLoadCsv({ load }: LoadRun): string {
  const kindOf = (stage: number) => load.stages[stage]?.kind ?? "";
  const seconds = load.series.map((second) => row("second", second.second, [second], kindOf(second.stage)));
  const stages = load.stages.flatMap(({ kind }, stage) => {
    const own = load.series.filter((second) => second.stage === stage && second.phase !== "drain");
    return own.length === 0 ? [] : [row("stage", stage, own, kind)];
  });
  return csvText([HEAD, ...seconds, ...stages]);
}

function row(name: string, number: number, seconds: readonly Second[], kind: string): readonly string[] {
  const counts: Counts = {};
  for (const second of seconds) addCounts(counts, second.counts);
  const last = seconds.at(-1);
  const lastedMs = seconds.reduce((sum, one) => sum + one.lastedMs, 0);
  const mean = (of: (second: Second) => number) =>
    (seconds.reduce((sum, one) => sum + of(one) * one.lastedMs, 0) / Math.max(1, lastedMs)).toFixed(3);
  const withBroker = seconds.every(({ health }) => health.brokerCpu !== undefined);
  return [
    name,
    String(number),
    name === "stage" ? "" : last?.phase ?? "",
    String(last?.stage ?? ""),
    kind,
    ((last?.t ?? 0) / 1000).toFixed(3),
    (lastedMs / 1000).toFixed(3),
    String(last?.connected ?? ""),
    ...COUNTER_NAMES.map((counter) => String(counts[counter] ?? 0)),
    ...METRIC_NAMES.flatMap((metric) => timed(metric, seconds)),
    mean(({ health }) => health.cpu),
    String(Math.max(0, ...seconds.map(({ health }) => health.memory))),
    withBroker ? mean(({ health }) => health.brokerCpu ?? 0) : "",
  ];
}

function timed(metric: Metric, seconds: readonly Second[]): readonly string[] {
  const encoded = seconds.flatMap(({ histograms }) => histograms[metric] ?? []);
  if (encoded.length === 0) return ["0", ...PERCENTILES.map(() => "")];
  const all = new Histogram();
  for (const text of encoded) {
    try {
      all.add(Histogram.decode(text));
    } catch {
      // An unreadable histogram in a foreign journal is ignored, as in the other reports.
    }
  }
  if (all.total === 0) return ["0", ...PERCENTILES.map(() => "")];
  return [String(all.total), ...PERCENTILES.map((percent) => String(all.percentile(percent)))];
}
