import assert from "node:assert/strict";
import { Histogram } from "../../run/histogram.ts";
import type { Metric } from "../../run/metrics.ts";
import { generatorLimit } from "./generator_limit.ts";

function limitOf(metric: Metric, us: number, times: number): string | undefined {
  const histogram = new Histogram();
  for (let n = 0; n < times; n++) histogram.record(us);
  return generatorLimit({ histograms: new Map([[metric, histogram]]) });
}

Deno.test("messages or timers later than 50 ms at the 99th percentile make the generator the limit", () => {
  assert.match(limitOf("lateness", 60_000, 100) ?? "", /^The generator sent messages late: 60/);
  assert.match(limitOf("loop-lag", 60_000, 100) ?? "", /^The generator's own timers came late: 60/);
  assert.equal(limitOf("lateness", 40_000, 100), undefined);
});

Deno.test("few values say nothing about the generator", () => {
  assert.equal(limitOf("lateness", 60_000, 99), undefined);
  assert.equal(generatorLimit({ histograms: new Map() }), undefined);
});
