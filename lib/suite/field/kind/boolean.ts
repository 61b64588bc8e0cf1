import { asBoolean } from "../../../spec/evaluate.ts";
import { describeNode } from "../../../spec/node.ts";
import type { FieldKind } from "../kind.ts";

/** A bit: true or false. */
export const boolean: FieldKind = {
  name: "boolean",
  compares: "number",
  check(node, _mode, report) {
    if (node.kind === "scalar" && typeof node.value === "boolean") return;
    report.add(`expected true or false, found ${describeNode(node)}`, node.place);
  },
  schema: () => ({ type: "boolean" }),
  build: asBoolean,
};
