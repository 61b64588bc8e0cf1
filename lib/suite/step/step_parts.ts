import { DURATION_EXAMPLES, parseDuration } from "../../spec/duration.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { isVariable } from "../field/field_check.ts";
import { NAME } from "../field/name.ts";

/** How often a `repeat` may go round. */
export const MOST_TIMES = 100_000;

/** Reads a duration or a variable. */
export function checkDuration(node: Node, report: Report): Value {
  const right = node.kind === "scalar" && (isVariable(node) || parseDuration(node.source) !== undefined);
  if (!right) {
    report.add(`${describeNode(node)} where a duration is due`, node.place, `such as ${DURATION_EXAMPLES}`);
  }
  return toValue(node, (problem) => report.problems.push(problem));
}

/** Reads how often a `repeat` goes round, or a variable. */
export function checkTimes(node: Node, report: Report): Value {
  if (!isVariable(node)) {
    const times = node.kind === "scalar" && typeof node.value === "number" ? node.value : NaN;
    if (!Number.isInteger(times) || times < 1 || times > MOST_TIMES) {
      report.add(`${describeNode(node)} where a number of times is due`, node.place, `1 to ${MOST_TIMES}`);
    }
  }
  return toValue(node, (problem) => report.problems.push(problem));
}

/** Reads a name that the file gives to something. */
export function readName(node: Node, report: Report): string | undefined {
  if (node.kind === "scalar" && NAME.test(node.source)) return node.source;
  const what = node.kind === "scalar" ? quote(node.source) : describeNode(node);
  report.add(`${what} is not a name`, node.place, "letters, digits and _, no digit first; without $");
  return undefined;
}
