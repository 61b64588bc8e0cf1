import { asNumber } from "../../../spec/evaluate.ts";
import type { Value } from "../../../spec/value.ts";
import type { Compare, Matcher } from "../matcher.ts";

/** `{ sum: [$code, 26] }` */
export const sum: Matcher = {
  name: "sum",
  written: "{ sum: [$code, 26] }",
  about: "the sum of these numbers",
  compares: "number",
  check(node, report, each) {
    if (node.kind !== "list") {
      return report.add('"sum" without a list of numbers', node.place, "write { sum: [$code, 26] }");
    }
    for (const item of node.items) each(item);
  },
  schema: { type: "array", items: { type: ["number", "string"] } },
  describe: (value, compare) => String(total(value, compare)),
  mismatch(value, actual, compare) {
    const wanted = total(value, compare);
    return actual === wanted
      ? undefined
      : `is ${actual === undefined ? "missing" : String(actual)}, expected ${wanted}`;
  },
};

function total(value: Value, { scope }: Compare): number {
  const items = value.kind === "list" ? value.items : [value];
  return items.reduce((sum, item) => sum + asNumber(item, scope), 0);
}
