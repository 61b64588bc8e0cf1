import { type Form, value } from "../../spec/form.ts";
import { describeNode } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "../field/byte_forms.ts";

/** A count from 1 to `most`, or a variable for one; `what` names the count in messages: `times`. */
export function countForm(what: string, most: number, fallback?: number): Form<Value> {
  const any = value();
  return {
    read(node, report) {
      const count = node.kind === "scalar" && typeof node.value === "number" ? node.value : NaN;
      if (!isVariable(node) && (!Number.isInteger(count) || count < 1 || count > most)) {
        report.add(`expected a number of ${what}, found ${describeNode(node)}`, node.place, `1 to ${most}`);
      }
      return any.read(node, report);
    },
    schema: () => ({
      anyOf: [
        {
          type: "integer",
          minimum: 1,
          maximum: most,
          ...(fallback === undefined ? {} : { default: fallback }),
        },
        VARIABLE,
      ],
    }),
  };
}
