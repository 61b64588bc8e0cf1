import type { LoadResult } from "../../lib/run/load_result.ts";
import { type Counter, COUNTER_NAMES, COUNTERS, METRIC_NAMES, METRICS } from "../../lib/run/metrics.ts";
import { formatUs } from "../../lib/run/threshold.ts";
import { visible } from "../../lib/ground/text.ts";
import type { LoadRun } from "./load_run.ts";
import { curveOf } from "./chart_data.ts";
import { rounded } from "./figures.ts";

/** Percentiles of all metrics. */
export function Timings({ load }: { load: LoadResult }) {
  const rows = METRIC_NAMES.flatMap((metric) => {
    const timing = load.timings[metric];
    return timing && timing.count > 0 ? [{ metric, timing }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <section id="timings">
      <h2>Times</h2>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr>
              <th>timed</th>
              {["values", "min", "p50", "p90", "p99", "p99.9", "max"].map((name) => <th key={name}>{name}
              </th>)}
              <th class="text">which is</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ metric, timing }) => (
              <tr key={metric}>
                <td class="id">{metric}</td>
                <td>{timing.count}</td>
                {[timing.min, timing.p50, timing.p90, timing.p99, timing.p999, timing.max].map((
                  us,
                  index,
                ) => <td key={index}>{formatUs(us)}</td>)}
                <td class="text dim">{METRICS[metric]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The rates of a search: the curve of rate against latency, and the failed thresholds of each rate. */
export function Trials({ load }: { load: LoadResult }) {
  if (load.trials.length === 0) return null;
  const found = load.gauges["search.rate"];
  const { metric, points } = curveOf(load);
  const ms = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : `${value} ms`;
  return (
    <section id="search">
      <h2>
        {found === undefined
          ? "The thresholds failed at every rate"
          : `${rounded(found)} messages/s is the highest rate at which the thresholds hold`}
      </h2>
      <figure class="panel">
        <figcaption>Rate against {metric ?? "latency"}</figcaption>
        <div id="curve" class="chart"></div>
      </figure>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr>
              <th>rate</th>
              <th>sent/s</th>
              <th>received/s</th>
              <th>p50</th>
              <th>p99</th>
              <th>max</th>
              <th class="text">missed</th>
            </tr>
          </thead>
          <tbody>
            {load.trials.toSorted((a, b) => a.rate - b.rate).map((trial, index) => (
              <tr key={index}>
                <td>{rounded(trial.rate)}</td>
                <td>{rounded(trial.sentRate)}</td>
                <td>{rounded(trial.receivedRate)}</td>
                <td>{ms(points[index]?.p50)}</td>
                <td>{ms(points[index]?.p99)}</td>
                <td>{ms(points[index]?.max)}</td>
                <td class="text">
                  {trial.generatorLimited === undefined
                    ? trial.missed.map(visible).join(", ") || "–"
                    : `generator-limited: ${visible(trial.generatorLimited)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** All counts, the broker's own counts, and why connections failed. */
export function Counted({ load }: { load: LoadResult }) {
  const counters = COUNTER_NAMES.filter((name: Counter) => (load.counts[name] ?? 0) !== 0);
  return (
    <section id="counts">
      <h2>Counts</h2>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr>
              <th>counted</th>
              <th>whole run</th>
              <th>measured</th>
              <th class="text">which are</th>
            </tr>
          </thead>
          <tbody>
            {counters.map((name) => (
              <tr key={name}>
                <td class="id">{name}</td>
                <td>{load.counts[name] ?? 0}</td>
                <td>{load.measured[name] ?? 0}</td>
                <td class="text dim">{COUNTERS[name]}</td>
              </tr>
            ))}
            {Object.entries(load.reasons).map(([reason, count]) => (
              <tr key={reason}>
                <td>{visible(reason)}</td>
                <td>{count}</td>
                <td>–</td>
                <td class="text dim">failed or lost connections with this reason</td>
              </tr>
            ))}
            {Object.entries(load.sys ?? {}).map(([topic, count]) => (
              <tr key={topic}>
                <td class="id">{visible(topic)}</td>
                <td>{count}</td>
                <td>–</td>
                <td class="text dim">counted by the broker</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The first faults of each kind, with the last packets of their connections. */
export function Evidence({ load }: { load: LoadResult }) {
  if (load.faults.length === 0) return null;
  return (
    <section id="evidence">
      <h2>Evidence</h2>
      {load.faults.map((fault, index) => (
        <div key={index} class="evidence">
          <p>
            <span class="chip">{fault.fault}</span> {visible(fault.text)}{" "}
            <span class="dim">{visible(fault.client)}</span>
          </p>
          <pre>{fault.chart.map(visible).join("\n")}</pre>
          <p class="hex">
            {(fault.hex.match(/../g) ?? []).join(" ")}
            {fault.hex.length / 2 < fault.size ? ` … ${fault.size} bytes` : ""}
          </p>
        </div>
      ))}
    </section>
  );
}

/** The environment and settings of the run. */
export function Environment({ result }: { result: LoadRun }) {
  const { load } = result;
  const shard: [string, string][] = load.shard ? [["shard", `${load.shard.index} of ${load.shard.of}`]] : [];
  const facts: [string, string][] = [
    ["attest", result.attest.version],
    ["started", result.startedAt],
    ["command", result.command.join(" ")],
    ["seed", String(result.seed)],
    ["executor", load.executor],
    ["mode", load.pauseMs > 0 ? `${load.mode}, pauses of ${load.pauseMs} ms` : load.mode],
    ["workers", String(load.workers)],
    ...shard,
    ["brokers", load.brokers.join(", ")],
    ...result.targets.flatMap(({ name, version }) =>
      version === undefined ? [] : [[name, version] as [string, string]]
    ),
    ...Object.entries(result.environment),
    ...Object.entries(load.limits),
  ];
  return (
    <section id="environment" class="facts">
      <h2>Environment</h2>
      <dl>
        {facts.map(([name, value], index) => (
          <div key={index}>
            <dt>{visible(name)}</dt>
            <dd>{visible(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The profile that was run. */
export function ProfileText({ load }: { load: LoadResult }) {
  return (
    <section id="profile">
      <h2>Profile</h2>
      <p class="sub">{visible(load.profile.file)}</p>
      <pre class="profile">{load.profile.text.split("\n").map(visible).join("\n")}</pre>
    </section>
  );
}
