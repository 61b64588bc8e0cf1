import assert from "node:assert/strict";
import { Histogram } from "../../lib/run/histogram.ts";
import { tally } from "../../lib/run/standing.ts";
import { loadSample } from "../testdata/load_sample.ts";
import { missing, run } from "../testdata/tool.ts";
import { FORMATS } from "../mod.ts";
import { chartRun } from "./chart_data.ts";
import { compareLoads } from "./comparison.ts";
import { conditionsOf } from "./condition.ts";

Deno.test("the page of an hour's load stays under 2 MB", () => {
  const page = String(FORMATS.html.render(loadSample({ seconds: 3600 })));
  assert.ok(page.length < 2_000_000, `${page.length} bytes`);
  assert.ok(page.length > 200_000, "an hour must not be thinned out to nothing");
});

Deno.test("chartRun() adds the histograms of seconds that it combines, and never averages their percentiles", () => {
  const sample = loadSample({ seconds: 4 });
  // Four hours, so that four seconds make one point: 99 of 100 messages fast in three of them, all slow in the fourth.
  const [first] = sample.load.series;
  assert.ok(first);
  const second = (n: number, us: number, times: number) => {
    const latency = new Histogram();
    latency.record(us, times);
    return { ...first, second: n, histograms: { latency: latency.encode() } };
  };
  const series = Array.from(
    { length: 4 * 3600 },
    (_, n) => n % 4 === 3 ? second(n, 1_000_000, 300) : second(n, 1000, 100),
  );
  const { columns, time } = chartRun("x", { ...sample.load, series });
  assert.equal(time.length, 3600);
  assert.equal(time[0], 4);
  // Half of the messages are slow: the mean of the four medians would be 251 ms.
  assert.equal(columns["latency.p50"]?.[0], 1);
  assert.equal(columns["latency.p90"]?.[0], 1000);
});

Deno.test("the distribution of a load ends at its largest value", () => {
  const { load } = loadSample({ seconds: 20 });
  const points = chartRun("x", load).distributions.latency ?? [];
  const largest = load.timings.latency?.max ?? 0;
  assert.ok(points.length > 50 && points.length < 600, String(points.length));
  assert.ok(Math.abs((points.at(-1)?.[1] ?? 0) - largest / 1000) < largest / 1e6);
  assert.ok(points.every((point, n) => n === 0 || point[1] >= (points[n - 1]?.[1] ?? 0)));
});

Deno.test("result.json holds the histograms of the whole run in HDR's own form", () => {
  const sample = loadSample({ seconds: 20 });
  const json = JSON.parse(String(FORMATS.json.render(sample)));
  const read = Histogram.decode(json.load.timings.latency.hdr);
  assert.equal(read.total, json.load.timings.latency.count);
  assert.equal(read.percentile(99), json.load.timings.latency.p99);
  assert.ok(String(json.load.timings.latency.hdr).startsWith("HISTFAAAA"), "V2, compressed");
});

Deno.test("JUnit has a case for each threshold and each promise, and inconclusive ones are failures", () => {
  const limited = loadSample({ seconds: 5, generatorLimited: "it used 2.0 of 2 cores" });
  assert.deepEqual(
    conditionsOf(limited.load).filter(({ kind }) => kind === "threshold").map(({ verdict }) => verdict),
    [
      "inconclusive",
      "inconclusive",
      "inconclusive",
    ],
  );
  const junit = String(FORMATS.junit.render(limited));
  assert.match(junit, /tests="16" failures="3"/);
  assert.match(junit, /generator-limited: it used 2\.0 of 2 cores" type="inconclusive"/);
});

Deno.test({
  name: "JUnit of a load is well-formed whatever a profile says",
  ignore: missing("xmllint"),
  fn: async () => {
    const junit = String(FORMATS.junit.render(loadSample({ seconds: 2, text: '<&"\u001a\u0000]]>' })));
    await run("xmllint", ["--noout", "-"], new TextEncoder().encode(junit));
    assert.match(junit, /<testsuites/);
  },
});

Deno.test("TAP and Markdown list each condition once", () => {
  const sample = loadSample({ seconds: 5 });
  const tap = String(FORMATS.tap.render(sample));
  assert.match(tap, /^1\.\.16$/m);
  assert.equal(tap.match(/^(not )?ok /gm)?.length, 16);
  assert.match(String(FORMATS.markdown.render(sample)), /^\| lost == 0 \| measured: 0 \| pass \|$/m);
});

Deno.test("compareLoads() distinguishes a significant difference of repeated runs from one that is not", () => {
  const runs = (seeds: readonly number[], slower: number) =>
    seeds.map((seed) => loadSample({ seconds: 10, seed, slower }).load);
  const sets = [
    { name: "a", loads: runs([1, 2, 3, 4, 5], 0) },
    { name: "same", loads: runs([6, 7, 8, 9, 10], 0) },
    { name: "slower", loads: runs([11, 12, 13, 14, 15], 2) },
  ];
  const median = compareLoads(sets).find(({ name }) => name === "latency.p50");
  const [same, slower] = median?.differences ?? [];
  assert.equal(same?.evidence, "not significant");
  assert.equal(same?.judgement, "none shown");
  assert.equal(slower?.evidence, "significant");
  assert.equal(slower?.judgement, "worse");
  assert.ok((slower?.p ?? 1) < 0.01);
  assert.match(slower?.shown ?? "", /^\+\d/);
  assert.match(median?.spreads[0]?.range ?? "", /µs/);
});

Deno.test("compareLoads() says that single runs are too few", () => {
  const of = (seed: number) => ({
    name: `run ${seed}`,
    loads: [loadSample({ seconds: 5, seed, slower: seed }).load],
  });
  const median = compareLoads([of(1), of(2)]).find(({ name }) => name === "latency.p50");
  assert.equal(median?.differences[0]?.evidence, "too few runs");
  assert.equal(median?.differences[0]?.judgement, "differs");
});

Deno.test("a condition with nothing to judge is skipped in JUnit and TAP, and class names begin with the targets", () => {
  const target = { name: "lab", address: "", supports: [], protocols: [], totals: tally([]) };
  const sample = { ...loadSample({ seconds: 5 }), targets: [target, { ...target, name: "office" }] };
  const [first, ...promises] = sample.load.promises;
  assert.ok(first);
  const load = { ...sample.load, promises: [{ ...first, verdict: "skip" as const }, ...promises] };
  const junit = String(FORMATS.junit.render({ ...sample, load }));
  const skipped = conditionsOf(load).filter(({ verdict }) => verdict === "skip").length;
  assert.ok(junit.includes(` skipped="${skipped}"`));
  assert.equal(junit.match(/<skipped /g)?.length, skipped);
  assert.match(junit, /<skipped message="nothing to judge"\/>/);
  const names = [...junit.matchAll(/classname="([^"]*)"/g)].map(([, name = ""]) => name);
  assert.ok(names.length > 5 && names.every((name) => name.startsWith("lab+office.")), names[0]);
  assert.match(
    String(FORMATS.tap.render({ ...sample, load })),
    /^ok \d+ - promise .* # SKIP nothing to judge$/m,
  );
});

Deno.test("a load that could not run is an error in JUnit, and shows its reason in TAP and Markdown", () => {
  const broken = { ...loadSample({ seconds: 5 }), exit: 3, reason: "No client could be connected" };
  const junit = String(FORMATS.junit.render(broken));
  assert.match(junit, /<testsuites [^>]* errors="1"/);
  assert.match(junit, /<error message="No client could be connected" type="run"\/>/);
  assert.match(String(FORMATS.tap.render(broken)), /^Bail out! No client could be connected$/m);
  assert.match(String(FORMATS.markdown.render(broken)), /^\*\*No client could be connected\*\*$/m);
});
