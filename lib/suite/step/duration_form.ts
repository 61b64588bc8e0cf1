import { DURATION_EXAMPLES, parseDuration } from "../../spec/duration.ts";
import { type Form, value } from "../../spec/form.ts";
import { describeNode } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable } from "../field/byte_forms.ts";

/** A duration such as `2s`, or a variable for one. */
export function durationForm(): Form<Value> {
  const any = value();
  return {
    read(node, report) {
      const right = node.kind === "scalar" && (isVariable(node) || parseDuration(node.source) !== undefined);
      if (!right) {
        report.add(
          `expected a duration, found ${describeNode(node)}`,
          node.place,
          `such as ${DURATION_EXAMPLES}`,
        );
      }
      return any.read(node, report);
    },
    schema: () => ({ type: "string", pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h)|\\$.*)$" }),
  };
}
