import assert from "node:assert/strict";
import { type Ending, exitCode } from "./exit_code.ts";
import type { Totals } from "./standing.ts";

const NONE: Totals = {
  pass: 4,
  fail: 0,
  inconclusive: 0,
  skip: 2,
  error: 0,
  expectedFail: 3,
  unexpectedPass: 0,
  warnings: 5,
  onlyBesideOthers: 0,
};

const ENDINGS: readonly (readonly [title: string, ending: Partial<Ending>, status: number])[] = [
  ["passes, skips, warnings and expected failures", {}, 0],
  ["a failure", { totals: { ...NONE, fail: 1 } }, 1],
  ["an inconclusive case", { totals: { ...NONE, inconclusive: 1 } }, 1],
  ["an unexpected pass", { totals: { ...NONE, unexpectedPass: 1 } }, 1],
  ["a threshold that does not hold", { thresholdsHold: false }, 1],
  ["a run that judged nothing", { nothingJudged: true }, 1],
  ["a defect that no case noticed", { defects: [{ noticedBy: ["a"] }, { noticedBy: [] }] }, 1],
  ["an error, whatever else failed", { totals: { ...NONE, error: 1, fail: 1 } }, 3],
  ["a target that could not be reached", { broken: true }, 3],
  ["wrong input before a broken target", { wrongInput: true, broken: true }, 2],
  ["an interrupt before everything", { interrupted: true, wrongInput: true, broken: true }, 130],
];

for (const [title, ending, status] of ENDINGS) {
  Deno.test(`exitCode() of ${title} is ${status}`, () => {
    assert.equal(exitCode({ totals: NONE, interrupted: false, ...ending }), status);
  });
}
