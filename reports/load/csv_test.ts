import assert from "node:assert/strict";
import { COUNTER_NAMES, METRIC_NAMES } from "../../lib/run/metrics.ts";
import { csvText } from "../csv.ts";
import { loadSample } from "../testdata/load_sample.ts";
import { renderLoadCsv } from "./csv.ts";

Deno.test("renderLoadCsv() has a row for each second and each stage, which add up", () => {
  const sample = loadSample({ seconds: 20 });
  const hold = {
    kind: "hold",
    startMs: 0,
    endMs: 20_000,
    fromRate: 1,
    toRate: 1,
    fromClients: 1,
    toClients: 1,
  } as const;
  const run = { ...sample, load: { ...sample.load, stages: [hold] } };
  const [head = [], ...rows] = renderLoadCsv(run).trimEnd().split("\r\n").map((line) => line.split(","));
  assert.equal(head.length, 8 + COUNTER_NAMES.length + 5 * METRIC_NAMES.length + 3);
  const values = (name: string, row: string) =>
    rows.filter(([kind]) => kind === row).map((one) => Number(one[head.indexOf(name)]));
  assert.equal(values("sent", "second").length, run.load.series.length);
  const seconds = run.load.series.filter(({ stage, phase }) => stage >= 0 && phase !== "drain");
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  assert.equal(sum(values("sent", "stage")), sum(seconds.map(({ counts }) => counts.sent ?? 0)));
  assert.ok(sum(values("latency count", "stage")) > 0);
  for (const row of rows) assert.equal(row.length, head.length);
});

Deno.test("csvText() quotes what CSV wants quoted, and computes nothing in a spreadsheet", () => {
  assert.equal(csvText([["a,b", 'say "x"', "=1+1", "-3.5", "-x"]]), '"a,b","say ""x""",\'=1+1,-3.5,\'-x\r\n');
});
