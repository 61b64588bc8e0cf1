import assert from "node:assert/strict";
import type { RunResult } from "../lib/run/result.ts";
import { FORMATS, repeatText } from "./mod.ts";
import { sampleResult } from "./testdata/sample.ts";

function withFlaky(): RunResult {
  const result = sampleResult();
  const [first] = result.cases;
  assert.ok(first);
  const { id, target, protocol } = first;
  const verdicts = { pass: 98, fail: 2 };
  return {
    ...result,
    repeats: [{ id, target, protocol, runs: 100, verdicts, flaky: true, rounds: [7, 41] }],
  };
}

Deno.test("each report counts flaky cases separately, with the count of each verdict", () => {
  const result = withFlaky();
  const text = "98 of 100 pass, 2 fail (rounds 7, 41)";
  for (const name of ["html", "junit", "markdown"] as const) {
    const report = String(FORMATS[name].render(result)).replaceAll("\\(", "(").replaceAll("\\)", ")");
    assert.ok(report.includes(text), name);
    assert.ok(/flaky/i.test(report), name);
  }
  const { repeats } = JSON.parse(String(FORMATS.json.render(result)));
  assert.equal(repeats[0].flaky, true);
});

Deno.test("repeatText() names ten rounds at most", () => {
  const rounds = Array.from({ length: 12 }, (_, at) => at + 1);
  const text = repeatText({ ...one, verdicts: { fail: 12, pass: 1 }, runs: 13, rounds });
  assert.equal(text, "12 of 13 fail, 1 pass (rounds 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)");
  assert.equal(repeatText({ ...one, verdicts: { pass: 3 }, runs: 3, rounds: [] }), "3 of 3 pass");
});

const one = { id: "s/a", target: "t", protocol: "3.1.1", flaky: true };
