import assert from "node:assert/strict";
import { Histogram } from "../../run/histogram.ts";
import type { Metric } from "../../run/metrics.ts";
import { generatorLimit } from "./generator_limit.ts";

function limitOf(metric: Metric, us: number, times: number): string | undefined {
  const histogram = new Histogram();
  for (let n = 0; n < times; n++) histogram.record(us);
  return generatorLimit({ histograms: new Map([[metric, histogram]]) });
}

Deno.test("messages later than 50 ms at the 99th percentile make the generator the limit", () => {
  assert.match(limitOf("lateness", 60_000, 100) ?? "", /^The generator sent messages late: 60/);
  assert.equal(limitOf("lateness", 40_000, 100), undefined);
});

Deno.test("late timers are judged where messages or answers are timed, and nowhere else", () => {
  const histograms = new Map<Metric, Histogram>();
  const put = (metric: Metric, us: number, times: number) => {
    const histogram = new Histogram();
    for (let n = 0; n < times; n++) histogram.record(us);
    histograms.set(metric, histogram);
  };
  put("loop-lag", 60_000, 100);
  put("connect", 1_000, 100);
  assert.equal(generatorLimit({ histograms }), undefined);
  put("puback", 1_000, 1);
  assert.match(generatorLimit({ histograms }) ?? "", /^The generator's own timers came late: 60/);
});

Deno.test("the generator is not judged by few values", () => {
  assert.equal(limitOf("lateness", 60_000, 99), undefined);
  assert.equal(generatorLimit({ histograms: new Map() }), undefined);
});
