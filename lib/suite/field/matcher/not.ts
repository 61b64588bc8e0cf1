import { describeData } from "../../../spec/evaluate.ts";
import type { Matcher } from "../matcher.ts";

/** `{ not: x }` */
export const not: Matcher = {
  name: "not",
  written: "{ not: x }",
  about: "anything else",
  check: (node, _report, each) => each(node),
  schema: {},
  describe: (value, compare) => `not ${compare.describe(value)}`,
  mismatch(value, actual, compare) {
    if (compare.mismatch(value, actual) !== undefined) return undefined;
    return `is ${describeData(actual)}, expected anything else`;
  },
};
