import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import type { RunEvent, Verdict } from "./event.ts";
import { fold } from "./result.ts";

let n = 0;

function ran(id: string, iteration: number, verdict: Verdict, expected?: Verdict): readonly RunEvent[] {
  n++;
  const about = {
    suite: "s",
    purpose: "p",
    target: "t",
    protocol: "ECMT",
    level: "must" as const,
    covers: ["c"],
  };
  return [
    { kind: "case-started", t: n, n, id, tags: [], file: "f", line: 1, lanes: [], iteration, ...about },
    { kind: "chart", t: n, n, lane: "dte", direction: "sent", text: "AT" },
    {
      kind: "case-ended",
      t: n,
      n,
      verdict,
      reason: "r",
      warnings: ["w"],
      durationMs: 1,
      ...defined({ expected: expected && { verdict: expected, reason: "known" } }),
    },
  ];
}

function rounds(
  count: number,
  verdictOf: (round: number) => Verdict,
  expected?: Verdict,
): readonly RunEvent[] {
  return Array.from({ length: count }, (_, at) => ran("s/a", at + 1, verdictOf(at + 1), expected)).flat();
}

Deno.test("a case with different verdicts in its rounds is flaky, with the count of each verdict", () => {
  const { repeats, totals, cases } = fold(rounds(1_000, (round) => round === 412 ? "fail" : "pass"));
  assert.deepEqual(repeats, [{
    id: "s/a",
    target: "t",
    protocol: "ECMT",
    runs: 1_000,
    verdicts: { pass: 999, fail: 1 },
    flaky: true,
    rounds: [412],
  }]);
  assert.deepEqual([totals.pass, totals.fail, totals.warnings], [999, 1, 1_000]);
  assert.deepEqual(cases.map(({ iteration, standing }) => [iteration, standing]), [[1, "pass"], [
    412,
    "fail",
  ]]);
});

Deno.test("a case that always ends the same is not flaky, a known deviation too", () => {
  const { repeats, totals } = fold([...rounds(3, () => "fail", "fail"), ...ran("s/once", 1, "pass")]);
  assert.deepEqual(repeats.map(({ id, flaky, runs }) => [id, flaky, runs]), [["s/a", false, 3]]);
  assert.equal(totals.expectedFail, 3);
});

Deno.test("of a long run at most one good and twenty bad executions of a case are held", () => {
  const { cases, totals, repeats, notRun } = fold(
    rounds(10_000, (round) => round % 2 ? "pass" : "inconclusive"),
  );
  assert.equal(cases.length, 21);
  assert.deepEqual([totals.pass, totals.inconclusive, notRun], [5_000, 5_000, 0]);
  assert.equal(repeats[0]?.rounds.length, 100);
});

Deno.test("an execution that ended in error and was tried again counts once", () => {
  const { repeats, totals } = fold([
    ...ran("s/a", 1, "error"),
    ...ran("s/a", 1, "pass"),
    ...ran("s/a", 2, "pass"),
  ]);
  assert.deepEqual(repeats.map(({ runs, verdicts, flaky }) => [runs, verdicts, flaky]), [[
    2,
    { pass: 2 },
    false,
  ]]);
  assert.deepEqual([totals.pass, totals.error], [2, 0]);
});

Deno.test("a run without rounds repeats nothing", () => {
  assert.deepEqual(fold([]).repeats, []);
});

Deno.test("cases per second counts the runs of all rounds, those that were not kept too", () => {
  const events: readonly RunEvent[] = [...rounds(1_000, () => "pass"), ...ran("s/skipped", 1, "skip")];
  const last = Math.max(...events.map((event) => "t" in event ? event.t : 0));
  const { cases, casesPerSecond } = fold(events);
  assert.equal(cases.length, 2);
  assert.equal(casesPerSecond, Math.round(1_000 / last * 10_000) / 10);
});
