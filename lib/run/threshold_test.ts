import assert from "node:assert/strict";
import { formatValue, holds, parseThreshold, type Threshold } from "./threshold.ts";

function read(text: string): Threshold {
  const result = parseThreshold(text);
  assert.ok("threshold" in result, JSON.stringify(result));
  return result.threshold;
}

Deno.test("parseThreshold() reads percentiles, counts, rates, shares and gauges", () => {
  assert.deepEqual(read("latency.p99 < 250ms"), {
    expression: "latency.p99 < 250ms",
    subject: { kind: "percentile", metric: "latency", percent: 99 },
    comparison: "<",
    limit: 250_000,
  });
  assert.deepEqual(read("latency.actual.p99.9<=1.5s").subject, {
    kind: "percentile",
    metric: "latency.actual",
    percent: 99.9,
  });
  assert.deepEqual(read("connect.tcp.max < 500us").limit, 500);
  assert.deepEqual(read("lost == 0").subject, { kind: "count", counter: "lost" });
  assert.deepEqual(read("lost.promised == 0").subject, { kind: "count", counter: "lost.promised" });
  assert.deepEqual(read("received.rate >= 990").subject, { kind: "rate", counter: "received" });
  assert.deepEqual(read("lost.share < 0.1%"), {
    expression: "lost.share < 0.1%",
    subject: { kind: "share", counter: "lost", of: "due" },
    comparison: "<",
    limit: 0.001,
  });
  assert.deepEqual(read("memory.slope < 10MB/h").subject, { kind: "gauge", gauge: "memory.slope" });
  assert.deepEqual(read("latency.count > 10").subject, { kind: "values", metric: "latency" });
});

const WRONG: readonly (readonly [text: string, meant: string, message: RegExp])[] = [
  ["", "", /without a measurement/],
  ["latensy.p99 < 2ms", "latensy.p99", /unknown measurement "latensy.p99"/],
  ["latency < 2ms", "latency", /without a reading/],
  ["latency.p101 < 2ms", "latency.p101", /unknown reading "p101"/],
  ["latency.mean < 2ms", "latency.mean", /unknown reading "mean"/],
  ["lost", "lost", /without a comparison/],
  ["lost = 0", "=", /the comparison "="/],
  ["lost ==", "==", /without a limit/],
  ["lost == 2ms", "2ms", /"2ms" as a limit/],
  ["latency.p99 < 250", "250", /"250" as a limit/],
  ["received.share < 5", "5", /"5" as a limit/],
  ["planned.share < 5%", "planned.share", /unknown reading "share"/],
];

for (const [text, meant, message] of WRONG) {
  Deno.test(`parseThreshold() reports what is wrong with ${JSON.stringify(text)}, and where`, () => {
    const result = parseThreshold(text);
    assert.ok("problem" in result);
    const { problem } = result;
    assert.match(problem.message, message);
    assert.equal(text.slice(problem.start, problem.start + problem.length), meant);
    assert.ok(problem.hint ?? problem.wanted);
  });
}

Deno.test("holds() compares as written", () => {
  const at = (comparison: Threshold["comparison"]) =>
    [1, 2, 3].map((value) => holds({ comparison, limit: 2 }, value));
  assert.deepEqual(at("<"), [true, false, false]);
  assert.deepEqual(at("<="), [true, true, false]);
  assert.deepEqual(at(">"), [false, false, true]);
  assert.deepEqual(at(">="), [false, true, true]);
  assert.deepEqual(at("=="), [false, true, false]);
  assert.deepEqual(at("!="), [true, false, true]);
});

Deno.test("formatValue() writes a value in the unit of its subject", () => {
  assert.equal(formatValue(read("latency.p99 < 1s").subject, 12_345), "12.35 ms");
  assert.equal(formatValue(read("latency.p99 < 1s").subject, 999), "999 µs");
  assert.equal(formatValue(read("lost.share < 1%").subject, 0.0025), "0.25%");
  assert.equal(formatValue(read("sent.rate > 1").subject, 999.96), "1000/s");
});
