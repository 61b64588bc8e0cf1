import type { Standing } from "../lib/run/standing.ts";

/** A sign for each standing, so that colour is not the only distinction. */
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
