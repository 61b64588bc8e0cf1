import { ValueError } from "../../../spec/evaluate.ts";
import { describeNode, type Node } from "../../../spec/node.ts";
import type { Report } from "../../../spec/form.ts";
import { checkField } from "../field.ts";
import type { FieldKind, Mode } from "../kind.ts";
import { itemsOf } from "./items.ts";
import { text } from "./text.ts";

/** A UTF-8 string pair: `[name, value]`, or a list of such pairs. */
export const pair: FieldKind = {
  name: "pair",
  check: checkPairs,
  schema: () => ({ type: "array", description: "[name, value], or a list of such pairs" }),
  build(value, scope, name) {
    const [key, content] = itemsOf(name, value, scope);
    if (!key || !content) {
      throw new ValueError(`expected a list of a name and a value for ${name}`, value.place);
    }
    return [text.build(key.value, key.scope, name), text.build(content.value, content.scope, name)];
  },
};

function checkPairs(node: Node, mode: Mode, report: Report): void {
  if (node.kind === "list" && node.items.every((item) => item.kind === "list") && node.items.length > 0) {
    for (const item of node.items) checkPairs(item, mode, report);
    return;
  }
  if (node.kind === "list" && node.items.length === 2) {
    for (const item of node.items) checkField(text, item, mode, report);
    return;
  }
  report.add(
    `expected a pair, found ${describeNode(node)}`,
    node.place,
    "write [name, value], or a list of pairs",
  );
}
