import { listOf } from "../data.ts";
import type { Matcher } from "../matcher.ts";
import { checkItems, describeItem, expectedItems } from "./items.ts";

/** `{ inOrder: [a, b] }` */
export const inOrder: Matcher = {
  name: "inOrder",
  written: "{ inOrder: [a, b] }",
  about: "a list with these items in this order; other items may come before, between and after them",
  check: checkItems,
  schema: { type: "array", minItems: 1 },
  describe: (value, compare) =>
    expectedItems(value).map((item) => describeItem(item, compare)).join(", then "),
  mismatch(value, actual, compare) {
    if (actual === undefined) return `is missing, expected ${this.describe(value, compare)}`;
    const items = listOf(actual);
    let next = 0;
    for (const item of expectedItems(value)) {
      while (next < items.length && compare.mismatch(item, items[next]) !== undefined) next++;
      if (next++ >= items.length) {
        return `does not have ${describeItem(item, compare)} at its place in the order ` +
          `${this.describe(value, compare)}`;
      }
    }
    return undefined;
  },
};
