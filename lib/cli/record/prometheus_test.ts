import assert from "node:assert/strict";
import { MetricSums } from "../../load/engine/metric_sums.ts";
import type { SecondSeen } from "../../load/run/second_keeper.ts";
import { Histogram } from "../../run/histogram.ts";
import { PrometheusEndpoint, prometheusText } from "./prometheus.ts";

function second(): SecondSeen {
  const total = new MetricSums();
  total.counts.sent = 42;
  total.counts["connect.failed"] = 3;
  const latency = new Histogram();
  for (let us = 1_000; us <= 100_000; us += 1_000) latency.record(us);
  total.histograms.set("latency", latency);
  return {
    second: {
      kind: "load-second",
      t: 1_000,
      second: 0,
      lastedMs: 1_000,
      stage: 0,
      phase: "measure",
      connected: 7,
      counts: {},
      reasons: {},
      histograms: {},
      health: { cpu: 0.25, memory: 1e8 },
    },
    tally: new MetricSums(),
    total,
  };
}

Deno.test("prometheusText() has a type and a help for each metric, and a sample with its labels", () => {
  const lines = prometheusText(second(), 'profile="p"').split("\n");
  for (
    const line of [
      "# TYPE attest_load_sent_total counter",
      'attest_load_sent_total{profile="p"} 42',
      'attest_load_connect_failed_total{profile="p"} 3',
      'attest_load_lost_promised_total{profile="p"} 0',
      'attest_load_connected{profile="p"} 7',
      'attest_load_cpu_cores{profile="p"} 0.25',
      "# TYPE attest_load_time_seconds summary",
      'attest_load_time_seconds_count{profile="p",metric="latency"} 100',
    ]
  ) assert.ok(lines.includes(line), line);
  assert.ok(
    lines.some((line) => /^attest_load_time_seconds\{.*metric="latency",quantile="0.99"\} 0\.099/.test(line)),
  );
  assert.ok(!lines.some((line) => line.includes("broker_cpu")), "attest did not start it");
  // Each line is a comment, a sample, or the end.
  for (const line of lines) {
    assert.match(line, /^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+\{[^}]+\} [\d.e+-]+|)$/);
  }
});

Deno.test("the endpoint serves the last second, and nothing else", async () => {
  await using endpoint = new PrometheusEndpoint({ hostname: "127.0.0.1", port: 0 }, 'a"b', "t\\");
  const get = async (path: string, method = "GET") => {
    const answer = await fetch(`http://127.0.0.1:${endpoint.port}${path}`, { method });
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  assert.equal((await get("/metrics")).text, "# The load has not run for a second yet\n");
  endpoint.see(second());
  const { status, type, text } = await get("/metrics");
  assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  assert.match(text, /^attest_load_sent_total\{profile="a\\"b",target="t\\\\"\} 42$/m);
  assert.equal((await get("/")).status, 404);
  assert.equal((await get("/metrics", "POST")).status, 405);
});

Deno.test("an address in use is reported with the option", () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assert.throws(
    () => new PrometheusEndpoint({ hostname: "127.0.0.1", port: listener.addr.port }, "p", "t"),
    /can't be served at 127\.0\.0\.1:\d+: .*; give another address with --metrics/,
  );
});
