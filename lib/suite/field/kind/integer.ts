import { describeNode, type Node } from "../../../spec/node.ts";
import type { Report } from "../../../spec/form.ts";
import { asNumber, isSum } from "../../../spec/evaluate.ts";
import type { FieldKind } from "../kind.ts";

/** A whole number from 0 to `most`, the largest that its encoding holds. */
export function integer(most: number): FieldKind {
  return {
    name: `0-to-${most}`,
    compares: "number",
    check: (node, _mode, report) => checkInteger(most, node, report),
    schema: () => ({ type: "integer", minimum: 0, maximum: most }),
    build: asNumber,
  };
}

/**
 * Reports a node that is not a whole number from 0 to `most`. A sum with a variable is checked when the case
 * runs.
 */
export function checkInteger(most: number, node: Node, report: Report): void {
  if (node.kind === "scalar" && isSum(node.source)) return;
  if (node.kind !== "scalar" || typeof node.value !== "number" || !Number.isInteger(node.value)) {
    return report.add(`expected a whole number, found ${describeNode(node)}`, node.place);
  }
  if (node.value < 0 || node.value > most) {
    report.add(`${node.source} is out of range`, node.place, `0 to ${most}`);
  }
}
