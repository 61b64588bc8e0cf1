import { listOf } from "../data.ts";
import type { Matcher } from "../matcher.ts";
import { checkItems, describeItem, expectedItems } from "./items.ts";

/** `{ anyOrder: [a, b] }` */
export const anyOrder: Matcher = {
  name: "anyOrder",
  written: "{ anyOrder: [a, b] }",
  about: "a list of exactly these items, in any order; a field that occurs once is a list of one",
  check: checkItems,
  schema: { type: "array", minItems: 1 },
  describe: (value, compare) =>
    `${expectedItems(value).map((item) => describeItem(item, compare)).join(" and ")} in any order`,
  mismatch(value, actual, compare) {
    if (actual === undefined) return `is missing, expected ${this.describe(value, compare)}`;
    const expected = expectedItems(value);
    const left = [...listOf(actual)];
    if (left.length !== expected.length) {
      return `has ${left.length} items, expected ${this.describe(value, compare)}`;
    }
    for (const item of expected) {
      const at = left.findIndex((one) => compare.mismatch(item, one) === undefined);
      if (at < 0) {
        return `does not contain ${describeItem(item, compare)}, expected ${this.describe(value, compare)}`;
      }
      left.splice(at, 1);
    }
    return undefined;
  },
};
