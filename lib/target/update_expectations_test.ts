import assert from "node:assert/strict";
import type { CaseResult } from "../run/result.ts";
import type { KnownDeviation } from "./expectation_file.ts";
import { updatedExpectations } from "./update_expectations.ts";

function ran(id: string, verdict: CaseResult["verdict"], protocol = "3.1.1", reason?: string): CaseResult {
  return {
    id,
    verdict,
    protocol,
    ...(reason === undefined ? {} : { reason }),
    suite: "s",
    purpose: "p",
    target: "t",
    level: "must",
    covers: [],
    tags: [],
    file: "f",
    line: 1,
    lanes: [],
    n: 1,
    startedMs: 0,
    steps: [],
    chart: [],
    retried: 0,
    standing: verdict,
    warnings: [],
    durationMs: 1,
  };
}

const known = (id: string, verdict: KnownDeviation["verdict"], protocol?: string): KnownDeviation => ({
  case: id,
  verdict,
  reason: `why ${id}`,
  ...(protocol ? { protocol } : {}),
});

Deno.test("an update keeps reasons, takes out what passes now, and adds what deviates", () => {
  const before = [
    known("s/a", "fail"),
    known("s/gone", "fail"),
    known("s/other", "fail"),
    known("s/x", "fail"),
  ];
  const after = updatedExpectations(before, [
    ran("s/a", "fail", "3.1.1", "another sentence"),
    ran("s/gone", "pass"),
    ran("s/x", "inconclusive", "3.1.1", "not met"),
    ran("s/new", "fail", "3.1.1", "it came twice"),
    ran("s/fine", "pass"),
  ]);
  assert.deepEqual(after, [
    known("s/a", "fail"),
    known("s/other", "fail"),
    { case: "s/x", protocol: "3.1.1", verdict: "inconclusive", reason: "not met" },
    { case: "s/new", protocol: "3.1.1", verdict: "fail", reason: "it came twice" },
  ]);
});

Deno.test("an update narrows an entry to the protocols in which it still holds", () => {
  const after = updatedExpectations([known("s/a", "fail")], [
    ran("s/a", "fail", "3.1.1"),
    ran("s/a", "pass", "5.0"),
  ]);
  assert.deepEqual(after, [known("s/a", "fail", "3.1.1")]);
});

Deno.test("an update neither adds nor takes out anything for an error or a skip", () => {
  const before = [known("s/a", "fail"), known("s/b", "fail"), known("s/c", "error")];
  const after = updatedExpectations(before, [
    ran("s/a", "error"),
    ran("s/b", "skip"),
    ran("s/c", "error"),
    ran("s/d", "error"),
  ]);
  assert.deepEqual(after, before);
});

Deno.test("an update of a repeated run has each deviation once", () => {
  assert.equal(
    updatedExpectations([], [ran("s/a", "fail"), ran("s/a", "fail"), ran("s/a", "pass")]).length,
    1,
  );
});
