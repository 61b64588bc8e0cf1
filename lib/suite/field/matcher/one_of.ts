import { describeNode } from "../../../spec/node.ts";
import { differs } from "../data.ts";
import type { Matcher } from "../matcher.ts";

/** `{ oneOf: [a, b] }` */
export const oneOf: Matcher = {
  name: "oneOf",
  written: "{ oneOf: [a, b] }",
  about: "any of these",
  check(node, report, each) {
    if (node.kind !== "list") return report.add(`expected a list, found ${describeNode(node)}`, node.place);
    for (const item of node.items) each(item);
  },
  schema: { type: "array" },
  describe: (value, compare) => `one of ${compare.describe(value)}`,
  mismatch(value, actual, compare) {
    const wanted = () => this.describe(value, compare);
    if (actual === undefined) return `is missing, expected ${wanted()}`;
    const fits = value.kind === "list" &&
      value.items.some((item) => compare.mismatch(item, actual) === undefined);
    return fits ? undefined : differs(actual, wanted());
  },
};
