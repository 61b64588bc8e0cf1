import type { Attributes } from "@opentelemetry/api";
import type { LoadSecond } from "../../run/load_event.ts";
import type { Histogram } from "../../run/histogram.ts";
import { COUNTER_NAMES, COUNTERS, type Metric, METRICS } from "../../run/metrics.ts";

/** A second of a load: its counts, and the histograms of its metrics. */
export interface TelemetrySecond {
  readonly second: LoadSecond;
  readonly tally: { readonly histograms: ReadonlyMap<Metric, Histogram> };
}

/** The percentiles of each second that are exported. */
const PERCENTILES = [50, 90, 99, 99.9, 100] as const;

/** Exports a second of a load. */
export type Telemetry = (seen: TelemetrySecond) => void;

/**
 * Exports metrics of a running load to OpenTelemetry once a second, with the exporter that is built into Deno, which is
 * configured by environment variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and so on). Unless `OTEL_DENO` is true, it loads
 * nothing and returns undefined.
 *
 * Counters `attest.load.<name>` for each counter of a result; gauges `attest.load.connected`, `attest.load.cpu`
 * (cores), `attest.load.memory` (bytes), `attest.load.broker.cpu`; gauge `attest.load.time` in seconds of the last
 * second, with the attributes `metric` and `percentile`. All have the attributes `profile` and `target`.
 */
export async function loadTelemetry(profile: string, target: string): Promise<Telemetry | undefined> {
  if (!["true", "1"].includes(Deno.env.get("OTEL_DENO") ?? "")) return undefined;
  const { metrics } = await import("@opentelemetry/api");
  const meter = metrics.getMeter("attest");
  const common: Attributes = { profile, target };
  const counters = new Map(
    COUNTER_NAMES.map((
      name,
    ) => [name, meter.createCounter(`attest.load.${name}`, { description: COUNTERS[name] })]),
  );
  const gauge = (name: string, description: string, unit: string) =>
    meter.createGauge(`attest.load.${name}`, { description, unit });
  const connected = gauge("connected", "connections that are up", "{connection}");
  const cpu = gauge("cpu", "cores that attest used in the last second", "{cpu}");
  const memory = gauge("memory", "resident memory of attest, in bytes", "By");
  const brokerCpu = gauge(
    "broker.cpu",
    "cores that the broker used in the last second, if attest started it",
    "{cpu}",
  );
  const time = gauge("time", "a percentile of a metric in the last second", "s");
  return ({ second, tally }) => {
    for (const [name, counter] of counters) {
      const added = second.counts[name];
      if (added !== undefined && added > 0) counter.add(added, common);
    }
    connected.record(second.connected, common);
    cpu.record(second.health.cpu, common);
    memory.record(second.health.memory, common);
    if (second.health.brokerCpu !== undefined) brokerCpu.record(second.health.brokerCpu, common);
    for (const [metric, histogram] of tally.histograms) {
      if (histogram.total === 0 || !(metric in METRICS)) continue;
      for (const percent of PERCENTILES) {
        time.record(histogram.percentile(percent) / 1e6, { ...common, metric, percentile: `p${percent}` });
      }
    }
  };
}
