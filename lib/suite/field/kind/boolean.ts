import { asBoolean } from "../../../spec/evaluate.ts";
import { describeNode } from "../../../spec/node.ts";
import type { FieldKind } from "../kind.ts";

/** A bit: true or false. */
export const boolean: FieldKind = {
  name: "boolean",
  compares: "number",
  check(node, _mode, report) {
    if (node.kind === "scalar" && typeof node.value === "boolean") return;
    report.add(`${describeNode(node)} where true or false is due`, node.place);
  },
  schema: () => ({ type: "boolean" }),
  build: asBoolean,
};
