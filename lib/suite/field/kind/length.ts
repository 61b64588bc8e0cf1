import { isByteForm } from "../../../spec/bytes.ts";
import { asNumber, bytesOf, resolve } from "../../../spec/evaluate.ts";
import { entryOf } from "../../../spec/node.ts";
import { bytesSchema, checkBytes } from "../byte_forms.ts";
import type { FieldKind } from "../kind.ts";
import { checkInteger } from "./integer.ts";

/** A variable byte integer: a number, or its bytes as `{ hex: … }`. */
export const length: FieldKind = {
  name: "length",
  check(node, _mode, report) {
    if (node.kind === "map" && entryOf(node, "hex")) return checkBytes(node, report);
    checkInteger(0xffff_ffff, node, report);
  },
  schema: (_mode, definitions) => ({ anyOf: [{ type: "integer", minimum: 0 }, bytesSchema(definitions)] }),
  build: (value, scope) =>
    isByteForm(resolve(value, scope).value) ? bytesOf(value, scope) : asNumber(value, scope),
};
