/** The page of what a load times and counts. */
import { COUNTERS, GAUGES, METRICS, SHARE_OF } from "../../lib/run/metrics.ts";
import { paragraph, table } from "./markdown.ts";

/** docs/reference/load-metrics.md */
export function loadMetricsPage(): string {
  const shares = new Map(Object.entries(SHARE_OF));
  const parts = [
    "<!-- Made by `deno task docs` from lib/run/metrics.ts. Change that, not this page. -->",
    "# What a load measures",
    paragraph(
      `The names of thresholds, of the journal and of results. Messages that were due in the warm-up are not timed, and
      its seconds count for no rate; counts are those of the whole run.`,
    ),
    "## Timed",
    paragraph(
      `In microseconds, in HDR histograms with three significant digits, of each second and of the whole run. Readings:
      \`.p50\`, \`.p99.9\`, \`.min\`, \`.max\`, \`.count\`.`,
    ),
    table(["name", "what"], Object.entries(METRICS)),
    "## Counted",
    paragraph(
      "Readings: the count itself, `.rate` per second, and `.share` where the last column names a whole.",
    ),
    table(
      ["name", "what", "share of"],
      Object.entries(COUNTERS).map(([name, what]) => [name, what, shares.get(name) ?? ""]),
    ),
    "## Read off the machine",
    table(["name", "what"], Object.entries(GAUGES)),
    "## The broker's own counters",
    paragraph(
      `Where the broker publishes \`$SYS/broker/publish/messages/received\` and \`sent\`, as Mosquitto does, the result
      has by how much they grew, in \`load.sys\`. They agree with attest's counts to the message at QoS 0 and 1. Mosquitto
      2.0.11 leaves every PUBLISH of QoS 2, and every one with RETAIN, out of what it received; of what it sent it
      leaves out none.`,
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}
