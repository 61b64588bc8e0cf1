import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import type { LimitListed, RunEvent, Verdict } from "./event.ts";
import { fold } from "./result.ts";

function listed(name: string, uncovered?: string): LimitListed {
  const cell = { command: "ECMTOPEN", parameter: "port", class: name };
  return { kind: "limit", protocol: "ECMT", ...cell, ...defined({ uncovered }) };
}

function ran(n: number, target: string, name: string, verdict: Verdict): readonly RunEvent[] {
  return [
    {
      kind: "case-started",
      t: n,
      n,
      id: `at/limits/${name}-${n}`,
      suite: "at/limits",
      purpose: "p",
      target,
      protocol: "ECMT",
      level: "must",
      covers: [],
      tags: [],
      file: "f",
      line: 1,
      lanes: [],
      tried: { command: "ECMTOPEN", parameter: "port", class: name },
    },
    { kind: "case-ended", t: n, n, verdict, reason: "r", warnings: [], durationMs: 1 },
  ];
}

Deno.test("each listed class has the results of its cases, on each target, or why it has none", () => {
  const { limits } = fold([
    listed("lowest"),
    listed("each"),
    listed("extra", "it takes the rest of the line"),
    listed("above"),
    ...ran(1, "a", "lowest", "pass"),
    ...ran(2, "a", "each", "pass"),
    ...ran(3, "a", "each", "fail"),
    ...ran(4, "b", "lowest", "skip"),
    ...ran(5, "b", "unlisted", "pass"),
  ]);
  assert.deepEqual(limits.map((one) => [one.target, one.class, one.standing, one.cases, one.uncovered]), [
    ["a", "lowest", "pass", [1], undefined],
    ["a", "each", "fail", [2, 3], undefined],
    ["a", "extra", "none", [], "it takes the rest of the line"],
    ["a", "above", "none", [], undefined],
    ["b", "lowest", "skip", [4], undefined],
    ["b", "each", "none", [], undefined],
    ["b", "extra", "none", [], "it takes the rest of the line"],
    ["b", "above", "none", [], undefined],
    ["b", "unlisted", "pass", [5], undefined],
  ]);
});

Deno.test("a run without boundary cases has no table, even where classes are listed", () => {
  assert.deepEqual(fold([listed("lowest")]).limits, []);
});
