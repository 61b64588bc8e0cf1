import assert from "node:assert/strict";
import { compare, standingWord } from "./comparison.ts";
import { sampleResult } from "./testdata/sample.ts";

Deno.test("compare() finds no difference between a run and itself", () => {
  assert.deepEqual(compare([sampleResult(), sampleResult()]), []);
});

Deno.test("compare() reports a case with a different outcome, and one that was not run", () => {
  const before = sampleResult();
  const [first, second, ...rest] = before.cases;
  assert.ok(first && second);
  const changed = { ...first, standing: first.standing === "fail" ? "pass" as const : "fail" as const };
  const differences = compare([before, { ...before, cases: [changed, ...rest] }]);
  assert.deepEqual(differences.map((one) => [one.id, one.standings]), [
    [first.id, [first.standing, changed.standing]],
    [second.id, [second.standing, undefined]],
  ]);
  assert.equal(standingWord(undefined), "–");
});
