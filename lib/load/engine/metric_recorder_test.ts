import assert from "node:assert/strict";
import { counterAt, metricAt, MetricRecorder } from "./metric_recorder.ts";
import { MetricSums } from "./metric_sums.ts";

Deno.test("take() returns what was counted since the last call only", () => {
  const recorder = new MetricRecorder();
  recorder.add(counterAt("sent"), 3);
  recorder.reason("refused");
  recorder.add(counterAt("sent"), 1);
  assert.deepEqual(recorder.take(), { counts: { sent: 4 }, reasons: { refused: 1 }, histograms: [] });
  assert.deepEqual(recorder.take(), { counts: {}, reasons: {}, histograms: [] });
});

Deno.test("histograms of several calls add up to all that was recorded", () => {
  const recorder = new MetricRecorder();
  const sums = new MetricSums();
  for (let us = 1; us <= 1_000; us++) {
    recorder.record(metricAt("latency"), us);
    if (us % 300 === 0) sums.add(recorder.take());
  }
  sums.add(recorder.take());
  const latency = sums.histograms.get("latency");
  assert.equal(latency?.total, 1_000);
  assert.equal(latency?.min, 1);
  assert.equal(latency?.percentile(50), 500);
});

Deno.test("reasons beyond the limit are counted together", () => {
  const recorder = new MetricRecorder();
  for (let n = 0; n < 150; n++) recorder.reason(`reason ${n}`);
  recorder.reason("reason 3");
  const { reasons } = recorder.take();
  assert.equal(reasons["reason 3"], 2);
  assert.equal(reasons["other reasons"], 50);
});
