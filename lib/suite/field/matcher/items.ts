import type { Report } from "../../../spec/form.ts";
import { describeNode, type Node } from "../../../spec/node.ts";
import type { Value } from "../../../spec/value.ts";
import type { Compare } from "../matcher.ts";

/** Reports what is no list of values of the field; `each` checks an item as such a value. */
export function checkItems(node: Node, report: Report, each: (node: Node) => void): void {
  if (node.kind !== "list") {
    return report.add(`${describeNode(node)} where a list is expected`, node.place, "write [a, b]");
  }
  if (node.items.length === 0) report.add("a list of no values", node.place, "name at least one");
  for (const item of node.items) each(item);
}

/** The values that a matcher of lists has behind its key. */
export function expectedItems(value: Value): readonly Value[] {
  return value.kind === "list" ? value.items : [value];
}

/** An item in a few words; one that is a list itself, such as a pair, in brackets. */
export function describeItem(item: Value, compare: Compare): string {
  if (item.kind !== "list") return compare.describe(item);
  return `[${item.items.map(compare.describe).join(", ")}]`;
}
