import assert from "node:assert/strict";
import type { LoadResult } from "../lib/run/load_result.ts";
import { fold, type RunResult } from "../lib/run/result.ts";
import { renderBadge } from "./badge.ts";
import { hostileResult, sampleResult } from "./testdata/sample.ts";

const CLEAN: RunResult = {
  ...sampleResult(),
  exit: 0,
  complete: true,
  interrupted: false,
  totals: {
    pass: 912,
    fail: 0,
    inconclusive: 0,
    skip: 7,
    error: 0,
    expectedFail: 0,
    unexpectedPass: 0,
    warnings: 3,
    onlyBesideOthers: 0,
  },
};

function shown(result: RunResult): string {
  const { message, color } = JSON.parse(renderBadge(result));
  return `${message} (${color})`;
}

function withTotals(totals: Partial<RunResult["totals"]>): RunResult {
  return { ...CLEAN, exit: 1, totals: { ...CLEAN.totals, ...totals } };
}

Deno.test("renderBadge() writes the form that shields.io reads, and the only target's name", () => {
  const [target] = CLEAN.targets;
  assert.ok(target);
  assert.deepEqual(JSON.parse(renderBadge({ ...CLEAN, targets: [target] })), {
    schemaVersion: 1,
    label: `attest: ${target.name}`,
    message: "912 passed",
    color: "brightgreen",
  });
  assert.equal(JSON.parse(renderBadge({ ...CLEAN, targets: [target, target] })).label, "attest");
});

Deno.test("renderBadge() shows the worst standing of a run first", () => {
  assert.equal(shown(withTotals({ fail: 3, error: 1 })), "3 failed, 912 passed (red)");
  assert.equal(shown(withTotals({ error: 1, inconclusive: 2 })), "1 error, 912 passed (orange)");
  assert.equal(shown(withTotals({ inconclusive: 2 })), "2 inconclusive, 912 passed (orange)");
  assert.equal(shown(withTotals({ unexpectedPass: 1 })), "1 passed unexpectedly, 912 passed (orange)");
  assert.equal(shown({ ...withTotals({ expectedFail: 5 }), exit: 0 }), "912 passed, 5 known (green)");
});

Deno.test("renderBadge() is never green for a run that did not end, did not start or judged nothing", () => {
  assert.equal(shown({ ...CLEAN, interrupted: true, exit: 130 }), "interrupted (lightgrey)");
  assert.equal(shown({ ...CLEAN, complete: false }), "cut off (lightgrey)");
  assert.equal(
    shown({ ...CLEAN, cases: [], reason: "There is no broker", exit: 3 }),
    "not started (lightgrey)",
  );
  assert.equal(shown({ ...CLEAN, reason: "The broker went away", exit: 3 }), "error (lightgrey)");
  assert.equal(shown({ ...CLEAN, unjudged: "All were skipped", exit: 1 }), "nothing judged (lightgrey)");
  assert.equal(shown({ ...CLEAN, reason: "A budget was missed", exit: 1 }), "failed (red)");
  assert.match(shown(fold([])), /lightgrey/);
});

Deno.test("renderBadge() judges a proof by its exit status", () => {
  assert.equal(shown({ ...withTotals({ fail: 40 }), kind: "prove", exit: 0 }), "proved (brightgreen)");
  assert.equal(shown({ ...CLEAN, kind: "prove", exit: 1 }), "not proved (red)");
});

Deno.test("renderBadge() counts the thresholds and promises of a load", () => {
  const condition = (verdict: "pass" | "fail" | "inconclusive" | "skip") => ({
    expression: "lost == 0",
    verdict,
    shown: "0",
  });
  const load = (...verdicts: Parameters<typeof condition>[0][]): RunResult => ({
    ...CLEAN,
    kind: "load",
    load: { thresholds: verdicts.map(condition), promises: [] } as unknown as LoadResult,
  });
  assert.equal(shown(load("pass", "pass", "skip")), "2 kept (brightgreen)");
  assert.equal(shown(load("pass", "fail")), "1 missed, 1 kept (red)");
  assert.equal(shown(load("pass", "inconclusive")), "inconclusive (orange)");
});

Deno.test("renderBadge() shows no control character of a target's name, and shortens a long one", () => {
  const hostile: string = JSON.parse(renderBadge(hostileResult("\x1b[31m\u202e"))).label;
  assert.deepEqual([...hostile].filter((sign) => sign === "\x1b" || sign === "\u202e"), []);
  const { label } = JSON.parse(renderBadge(hostileResult("x".repeat(5000))));
  assert.equal(label, `attest: ${"x".repeat(29)}…`);
});
