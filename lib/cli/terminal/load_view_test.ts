import assert from "node:assert/strict";
import { MetricSums } from "../../load/engine/metric_sums.ts";
import { profileOf } from "../../load/plan/test_plan.ts";
import type { SecondSeen } from "../../load/run/second_keeper.ts";
import { Histogram } from "../../run/histogram.ts";
import { pipe } from "../test_screen.ts";
import { LoadView } from "./load_view.ts";
import type { LivePart } from "./screen.ts";

const PROFILE = profileOf(
  "profile: p\ntitle: P\ngroups: [{ group: g, role: idle, clients: 1 }]\nstages: [{ hold: 1m }]\n",
);

/** The live line of a second on a terminal with this many columns. */
function line(columns: number, errors = 0, us: number | undefined = 1_534_000): string {
  let drawn: readonly LivePart[] = [];
  const screen = {
    ...pipe([], []),
    live: true,
    columns,
    draw: (parts: readonly LivePart[]) => void (drawn = parts),
  };
  using view = new LoadView(screen, PROFILE);
  const tally = new MetricSums();
  const latency = new Histogram();
  if (us !== undefined) latency.record(us);
  tally.histograms.set("latency", latency);
  tally.counts.sent = tally.counts.received = 200;
  if (errors > 0) tally.reasons["refused"] = errors;
  const seen: SecondSeen = {
    second: {
      kind: "load-second",
      t: 1_000,
      second: 0,
      lastedMs: 1_000,
      stage: 0,
      phase: "drain",
      connected: 2_000,
      counts: tally.counts,
      reasons: {},
      histograms: {},
      health: { cpu: 0, memory: 0 },
    },
    tally,
    total: tally,
  };
  view.second(seen);
  const text = drawn.map((part) => part.text).join("  ");
  assert.ok([...text].length < columns, `${[...text].length} of ${columns}: ${text}`);
  return text;
}

Deno.test("a wide terminal shows everything, and a narrow one keeps errors and the time left", () => {
  assert.equal(
    line(160),
    "2000 connected  200/s sent  200/s received  last p50 1.535 s p99 1.535 s  run p50 1.535 s p99 1.535 s  no error  drain  █",
  );
  assert.equal(line(80), "2000 connected  200/s sent  200/s received  p99 1.535 s  no error  drain");
  assert.equal(
    line(80, 1_234),
    "2000 connected  200/s sent  200/s received  p99 1.535 s  1234 errors  drain",
  );
  assert.equal(line(70, 7), "2000 connected  200/s sent  200/s received  7 errors  drain");
  assert.equal(line(40, 7), "7 errors  drain");
});
