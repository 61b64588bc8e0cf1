import { isByteForm } from "../../../spec/bytes.ts";
import { asText, bytesOf, resolve } from "../../../spec/evaluate.ts";
import { bytesSchema, checkBytes } from "../byte_forms.ts";
import type { FieldKind } from "../kind.ts";

/** A UTF-8 string, or the bytes to write instead of one. */
export const text: FieldKind = {
  name: "text",
  compares: "text",
  check: (node, _mode, report) => checkBytes(node, report),
  schema: (_mode, definitions) => bytesSchema(definitions),
  build: (value, scope) =>
    isByteForm(resolve(value, scope).value) ? bytesOf(value, scope) : asText(value, scope),
};

/** Binary data; text is accepted too. */
export const bytes: FieldKind = {
  name: "bytes",
  compares: "text",
  check: (node, _mode, report) => checkBytes(node, report),
  schema: (_mode, definitions) => bytesSchema(definitions),
  build: bytesOf,
};
