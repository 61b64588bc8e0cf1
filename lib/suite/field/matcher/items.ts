import type { Report } from "../../../spec/form.ts";
import { describeNode, type Node } from "../../../spec/node.ts";
import type { Value } from "../../../spec/value.ts";
import type { Compare } from "../matcher.ts";

/** Reports a node that is not a list of field values; `each` checks an item as such a value. */
export function checkItems(node: Node, report: Report, each: (node: Node) => void): void {
  if (node.kind !== "list") {
    return report.add(`expected a list, found ${describeNode(node)}`, node.place, "write [a, b]");
  }
  if (node.items.length === 0) {
    report.add("expected a list of values, found an empty list", node.place, "name at least one");
  }
  for (const item of node.items) each(item);
}

/** Returns the argument of a list matcher as its items. */
export function expectedItems(value: Value): readonly Value[] {
  return value.kind === "list" ? value.items : [value];
}

/** Describes an item in a few words, in brackets if it is itself a list, such as a pair. */
export function describeItem(item: Value, compare: Compare): string {
  if (item.kind !== "list") return compare.describe(item);
  return `[${item.items.map(compare.describe).join(", ")}]`;
}
