import assert from "node:assert/strict";
import { Histogram } from "../../run/histogram.ts";
import { MetricSums } from "./metric_sums.ts";

function second(sent: number, us: number): MetricSums {
  const sums = new MetricSums();
  sums.counts.sent = sent;
  sums.reasons["reset"] = 1;
  const histogram = new Histogram();
  histogram.record(us);
  sums.histograms.set("latency", histogram);
  return sums;
}

Deno.test("addSecond() adds every second to the whole, and seconds of the phase measure to the measured sums", () => {
  const total = new MetricSums();
  total.addSecond(second(5, 100), "warm-up", 1_000);
  total.addSecond(second(7, 300), "measure", 1_000);
  total.addSecond(second(1, 300), "drain", 500);
  assert.deepEqual(total.counts, { sent: 13 });
  assert.deepEqual(total.measured, { sent: 7 });
  assert.equal(total.measuredMs, 1_000);
  assert.deepEqual(total.reasons, { reset: 3 });
  assert.equal(total.histograms.get("latency")?.total, 3);
});

Deno.test("encoded() leaves histograms without values out", () => {
  const sums = second(1, 100);
  sums.histograms.set("suback", new Histogram());
  assert.deepEqual(Object.keys(sums.encoded()), ["latency"]);
});
