import type { Matcher } from "../matcher.ts";

/** `{ optional: x }` */
export const optional: Matcher = {
  name: "optional",
  written: "{ optional: x }",
  about: "x, or no parameter at all; only in the parameters of a result, after all required ones",
  only: "parameters",
  check: (node, _report, each) => each(node),
  schema: {},
  describe: (value, compare) => `optionally ${compare.describe(value)}`,
  mismatch: (value, actual, compare) => actual === undefined ? undefined : compare.mismatch(value, actual),
};
