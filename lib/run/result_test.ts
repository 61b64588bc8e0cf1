import assert from "node:assert/strict";
import type { CaseEnded, CaseStarted, RunEvent, RunStarted, Verdict } from "./event.ts";
import { fold, NOT_ENDED, unprovenCases } from "./result.ts";

const RUN: RunStarted = {
  kind: "run-started",
  format: 1,
  attest: "0.1.0",
  what: "conform",
  seed: 7,
  startedAt: "2026-01-02T03:04:05Z",
  command: ["conform"],
  environment: {},
  planned: 3,
};

function started(n: number, over: Partial<CaseStarted> = {}): CaseStarted {
  return {
    kind: "case-started",
    t: n * 10,
    n,
    id: `a/b/c${n}`,
    suite: "a/b",
    purpose: "It works",
    target: "one",
    protocol: "3.1.1",
    level: "must",
    covers: ["MQTT-1.5.3-1"],
    tags: [],
    file: "a/b.yaml",
    line: 3,
    lanes: ["client"],
    ...over,
  };
}

function ended(n: number, verdict: Verdict, over: Partial<CaseEnded> = {}): CaseEnded {
  return { kind: "case-ended", t: n * 10 + 5, n, verdict, warnings: [], durationMs: 5, ...over };
}

Deno.test("fold() counts every case run in one total", () => {
  const known = { verdict: "fail", reason: "Known" } as const;
  const { totals, cases } = fold([
    { ...RUN, planned: 8 },
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => started(n)),
    ended(1, "pass", { warnings: ["A SHOULD was missed", "Another"] }),
    ended(2, "fail"),
    ended(3, "inconclusive"),
    ended(4, "skip", { expected: known }),
    ended(5, "error"),
    ended(6, "fail", { expected: known }),
    ended(7, "pass", { expected: known }),
    ended(8, "inconclusive", { expected: known }),
    { kind: "run-ended", t: 200, interrupted: false, exit: 3 },
  ]);
  assert.deepEqual(totals, {
    pass: 1,
    fail: 1,
    inconclusive: 2,
    skip: 1,
    error: 1,
    expectedFail: 1,
    unexpectedPass: 1,
    warnings: 2,
    onlyBesideOthers: 0,
  });
  assert.equal(cases[7]?.standing, "inconclusive", "another verdict than the expected one counts as itself");
});

Deno.test("fold() makes a case that was begun and not ended an error, and knows how many were not begun", () => {
  const result = fold([RUN, started(1), ended(1, "pass"), started(2)]);
  assert.equal(result.complete, false);
  assert.equal(result.notRun, 1);
  assert.equal(result.cases[1]?.verdict, "error");
  assert.equal(result.cases[1]?.reason, NOT_ENDED);
});

Deno.test("fold() assigns each case the steps and arrows with its number, however the cases interleave", () => {
  const arrow = (n: number, text: string): RunEvent => ({
    kind: "chart",
    t: 1,
    n,
    lane: "client",
    direction: "sent",
    text,
  });
  const { cases } = fold([
    RUN,
    started(1),
    started(2),
    arrow(2, "CONNECT"),
    arrow(1, "PINGREQ"),
    arrow(9, "of nobody"),
    ended(2, "pass"),
    arrow(1, "DISCONNECT"),
    ended(1, "pass"),
  ]);
  assert.deepEqual(cases.map((one) => one.chart.map(({ text }) => text)), [["PINGREQ", "DISCONNECT"], [
    "CONNECT",
  ]]);
});

Deno.test("fold() takes the second execution of a case that ended in error, and both of one that failed", () => {
  const again = started(2, { id: "a/b/c1" });
  const retried = fold([RUN, started(1), ended(1, "error"), again, ended(2, "pass")]);
  assert.deepEqual(retried.cases.map(({ n, verdict, retried }) => [n, verdict, retried]), [[2, "pass", 1]]);
  const repeated = fold([RUN, started(1), ended(1, "fail"), again, ended(2, "pass")]);
  assert.deepEqual(repeated.cases.map(({ verdict }) => verdict), ["fail", "pass"]);
});

Deno.test("fold() keeps the totals of each target, even if the journal does not introduce the target", () => {
  const { targets } = fold([
    RUN,
    { kind: "target-started", t: 1, name: "one", address: "mqtt://h:1", supports: [], protocols: ["3.1.1"] },
    started(1),
    ended(1, "pass"),
    started(2, { target: "two" }),
    ended(2, "fail"),
  ]);
  assert.deepEqual(targets.map(({ name, address, totals }) => [name, address, totals.pass, totals.fail]), [
    ["one", "mqtt://h:1", 1, 0],
    ["two", "", 0, 1],
  ]);
});

Deno.test("fold() makes a result of no events at all", () => {
  const result = fold([]);
  assert.equal(result.complete, false);
  assert.deepEqual([result.cases, result.targets, result.coverage], [[], [], []]);
});

Deno.test("unprovenCases() names the cases that no defect turned", () => {
  const result = fold([
    { ...RUN, what: "prove" },
    started(1),
    ended(1, "pass"),
    started(2),
    ended(2, "pass"),
    { kind: "defect", t: 9, target: "one", defect: "d", description: "Wrong", noticedBy: ["a/b/c2"] },
  ]);
  assert.deepEqual(unprovenCases(result), ["a/b/c1"]);
});

Deno.test("fold() leaves out the cases that the user's Ctrl-C has cut", () => {
  const events: RunEvent[] = [
    RUN,
    started(1),
    started(2),
    ended(1, "pass"),
    { kind: "run-ended", t: 90, interrupted: true, exit: 130 },
  ];
  const result = fold(events);
  assert.deepEqual(result.cases.map(({ n }) => n), [1]);
  assert.equal(result.notRun, 2);
  assert.equal(result.totals.error, 0);
});
