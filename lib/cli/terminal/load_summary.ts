import { visible } from "../../ground/text.ts";
import { type Metric, METRIC_NAMES } from "../../run/metrics.ts";
import type { LoadResult } from "../../run/load_result.ts";
import type { RunResult } from "../../run/result.ts";
import { formatUs } from "../../run/threshold.ts";
import { plainTable } from "./plain_table.ts";
import type { Screen } from "./screen.ts";

/** Prints the result of a load: timings, counts, broken promises, thresholds, and where the reports are. */
export function printLoadSummary(screen: Screen, result: RunResult, paths: readonly string[]): void {
  const { load } = result;
  if (load) printLoad(screen, load);
  if (result.reason !== undefined) screen.print(screen.paint("bad", visible(result.reason)));
  if (result.unjudged !== undefined) screen.print(screen.paint("bad", visible(result.unjudged)));
  if (result.interrupted) {
    screen.print(screen.paint("doubt", "Interrupted: the reports hold what was measured"));
  }
  for (const path of paths) screen.print(`  ${screen.paint("faint", path)}`);
}

function printLoad(screen: Screen, load: LoadResult): void {
  const timed = METRIC_NAMES.filter((name) => load.timings[name] !== undefined);
  if (timed.length > 0) {
    const head = ["timed", "count", "min", "p50", "p90", "p99", "p99.9", "max"];
    screen.print(`\n${plainTable(head, timed.map((name) => timingRow(load, name)), 7)}\n`);
  }
  screen.print(sentence(load));
  for (const [reason, times] of Object.entries(load.reasons)) {
    screen.print(`${times} connections: ${visible(reason)}`);
  }
  if (load.sys) {
    const parts = Object.entries(load.sys).map(([name, count]) => `${count} ${name}`);
    // Mosquitto does this. Without the remark the difference would look like lost messages.
    const fewer = (load.sys.received ?? Infinity) < (load.counts.sent ?? 0);
    const remark = fewer ? "; some brokers do not count QoS 2 and retained messages as received" : "";
    screen.print(`The broker's own count: ${parts.join(", ")}${remark}`);
  }
  for (const promise of load.promises) {
    if (promise.verdict === "fail") {
      screen.print(
        `${screen.paint("bad", "broken")}  ${promise.name}: ${promise.broken} times; ${promise.text}`,
      );
    }
  }
  if (load.endedEarly !== undefined) screen.print(load.endedEarly);
  if (load.generatorLimited !== undefined) {
    screen.print(`${screen.paint("doubt", "generator-limited")}  ${load.generatorLimited}`);
  }
  if (load.gauges["search.rate"] !== undefined) {
    screen.print(
      `The highest rate at which the thresholds hold: ${Math.round(load.gauges["search.rate"])}/s`,
    );
  }
  for (const { expression, verdict, shown } of load.thresholds) {
    const look = verdict === "pass" ? "good" : verdict === "fail" ? "bad" : "doubt";
    screen.print(`${screen.paint(look, verdict)}  ${expression}  (${shown})`);
  }
}

function timingRow(load: LoadResult, name: Metric): string[] {
  const one = load.timings[name];
  const values = one ? [one.min, one.p50, one.p90, one.p99, one.p999, one.max].map(formatUs) : [];
  return [name, String(one?.count ?? 0), ...values];
}

function sentence(load: LoadResult): string {
  const of = (name: keyof LoadResult["counts"]) => load.counts[name] ?? 0;
  const rate = (name: keyof LoadResult["counts"]) =>
    load.measuredMs > 0 ? ` (${Math.round((load.measured[name] ?? 0) / load.measuredMs * 1000)}/s)` : "";
  const parts = [
    `${of("connect.succeeded")} connected`,
    `${of("sent")} sent${rate("sent")}`,
    ...(of("unsent") > 0 ? [`${of("unsent")} not sent`] : []),
    ...(of("acknowledged") > 0 ? [`${of("acknowledged")} acknowledged`] : []),
    ...(of("failed") > 0 ? [`${of("failed")} failed`] : []),
    ...(of("unanswered") > 0 ? [`${of("unanswered")} unanswered`] : []),
    `${of("received")} of ${of("due")} received${rate("received")}`,
    ...(["lost", "duplicated", "reordered", "corrupted", "unexpected", "late"] as const)
      .filter((name) => of(name) > 0).map((name) => `${of(name)} ${name}`),
  ];
  const cpu = load.gauges.cpu === undefined
    ? ""
    : `; ${load.gauges.cpu.toFixed(2)} cores, ${Math.round(load.gauges.memory ?? 0)} MB`;
  return `${parts.join(", ")}${cpu}`;
}
