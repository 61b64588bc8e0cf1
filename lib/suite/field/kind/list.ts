import { describeNode } from "../../../spec/node.ts";
import { checkField, fieldReference } from "../field.ts";
import { isRepeated, readRepeated, repeatedSchema } from "../repeated_items.ts";
import type { FieldKind } from "../kind.ts";
import { itemsOf } from "./items.ts";

/** A list of values of one kind, also written as one item with a count: `{ each: …, times: 500, as: i }`. */
export function listOf(item: FieldKind): FieldKind {
  return {
    name: `list-of-${item.name}`,
    check(node, mode, report) {
      if (isRepeated(node)) {
        const repeated = readRepeated(node, report);
        if (repeated) checkField(item, repeated.each, mode, report);
        return;
      }
      if (node.kind !== "list") return report.add(`expected a list, found ${describeNode(node)}`, node.place);
      for (const each of node.items) checkField(item, each, mode, report);
    },
    schema(mode, definitions) {
      const each = fieldReference(item, mode, definitions);
      return { anyOf: [{ type: "array", items: each }, repeatedSchema(each)] };
    },
    build: (value, scope, name) =>
      itemsOf(name, value, scope).map((each) => item.build(each.value, each.scope, name)),
  };
}
