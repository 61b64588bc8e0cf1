import assert from "node:assert/strict";
import { formatDuration, LONGEST_DURATION_MS, parseDuration } from "./duration.ts";

Deno.test("parseDuration() reads milliseconds, seconds, minutes and hours", () => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ["500ms", 500],
    ["0ms", 0],
    ["2s", 2_000],
    ["1.5s", 1_500],
    ["0.25ms", 0.25],
    ["2m", 120_000],
    ["24h", LONGEST_DURATION_MS],
    ["25h", undefined],
    ["5", undefined],
    ["5 s", undefined],
    ["-1s", undefined],
    ["1d", undefined],
    ["", undefined],
    ["1e3s", undefined],
  ];
  for (const [text, ms] of table) assert.equal(parseDuration(text), ms, text);
});

Deno.test("formatDuration() writes what parseDuration() reads", () => {
  for (const text of ["500ms", "2s", "1.5s", "2m", "3h"]) {
    assert.equal(formatDuration(parseDuration(text) ?? NaN), text);
  }
});
