import { resolve, ValueError } from "../../../spec/evaluate.ts";
import { describeNode } from "../../../spec/node.ts";
import { buildFields, checkFields, fieldsSchema } from "../field.ts";
import type { FieldKind, FieldTable } from "../kind.ts";

/** A group of fields, such as "a will". */
export function record(what: string, fields: FieldTable): FieldKind {
  return {
    name: what.replace(/^an? /, ""),
    check(node, mode, report) {
      if (node.kind !== "map") return report.add(`expected ${what}, found ${describeNode(node)}`, node.place);
      checkFields(fields, node, what, mode, report);
    },
    schema: (mode, definitions) => fieldsSchema(fields, mode, what, definitions),
    build(value, scope) {
      const found = resolve(value, scope);
      if (found.value.kind !== "map") throw new ValueError(`expected ${what}`, value.place);
      return buildFields(found.value.entries, fields, found.scope);
    },
  };
}
