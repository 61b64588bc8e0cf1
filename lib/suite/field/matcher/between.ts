import { evaluate } from "../../../spec/evaluate.ts";
import type { Report } from "../../../spec/form.ts";
import { describeNode, type Node } from "../../../spec/node.ts";
import { isVariable } from "../byte_forms.ts";
import { differs, numberOfData } from "../data.ts";
import type { Matcher } from "../matcher.ts";

/** `{ between: [1, 5] }` */
export const between: Matcher = {
  name: "between",
  written: "{ between: [1, 5] }",
  about: "a number from 1 to 5",
  compares: "number",
  check: checkBetween,
  schema: { type: "array", minItems: 2, maxItems: 2 },
  describe(value, compare) {
    const bounds = value.kind === "list"
      ? value.items.map((item) => compare.describe(item)).join(" and ")
      : compare.describe(value);
    return `between ${bounds}`;
  },
  mismatch(value, actual, compare) {
    const wanted = () => this.describe(value, compare);
    if (actual === undefined) return `is missing, expected ${wanted()}`;
    const [low, high] = value.kind === "list"
      ? value.items.map((item) => Number(evaluate(item, compare.scope)))
      : [];
    const number = numberOfData(actual);
    const fits = number !== undefined && low !== undefined && high !== undefined && number >= low &&
      number <= high;
    return fits ? undefined : differs(actual, wanted());
  },
};

/** Reports bounds that are not two numbers in ascending order. */
export function checkBetween(node: Node, report: Report): void {
  if (isVariable(node)) return;
  if (node.kind !== "list" || node.items.length !== 2) {
    return report.add(
      `expected two bounds, found ${describeNode(node)}`,
      node.place,
      "write between: [least, most]",
    );
  }
  for (const item of node.items) {
    if (isVariable(item)) continue;
    if (item.kind !== "scalar" || typeof item.value !== "number") {
      report.add(`expected a number, found ${describeNode(item)}`, item.place);
    }
  }
  const [least, most] = node.items;
  if (least?.kind !== "scalar" || most?.kind !== "scalar") return;
  if (typeof least.value === "number" && typeof most.value === "number" && least.value > most.value) {
    report.add(
      `empty range between ${least.source} and ${most.source}`,
      node.place,
      "write the smaller one first",
    );
  }
}
