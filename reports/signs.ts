import type { Standing } from "../lib/run/standing.ts";

/** A sign for each standing, so that none is told by its colour alone. */
export const SIGNS: Readonly<Record<Standing | "none", string>> = {
  "fail": "✕",
  "error": "!",
  "inconclusive": "?",
  "unexpected-pass": "↑",
  "expected-fail": "≈",
  "skip": "–",
  "pass": "✓",
  "none": "·",
};
