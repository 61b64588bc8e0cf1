import { suggest } from "../../ground/nearest.ts";
import { resolve } from "../../spec/evaluate.ts";
import type { Definitions, Json, JsonSchema, Report } from "../../spec/form.ts";
import type { MapNode, Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import type { Scope } from "../../spec/scope.ts";
import { type Value, wordOf } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "./byte_forms.ts";
import type { FieldKind, FieldTable, Mode } from "./kind.ts";
import { checkMatcher, matcherSchema } from "./matching_form.ts";

/** The keywords in place of a value: `omit` omits a field; `any` and `absent` check its presence. */
const WORDS: Readonly<Record<Mode, readonly string[]>> = { send: ["omit"], expect: ["any", "absent"] };

/**
 * Reports a value that a field of this kind does not allow. Variables are accepted here and checked when the
 * case runs.
 */
export function checkField(kind: FieldKind, node: Node, mode: Mode, report: Report): void {
  if (report.full || isVariable(node) || isWord(node, WORDS[mode])) return;
  if (
    mode === "expect" && checkMatcher(kind, node, report, (inner) => checkField(kind, inner, mode, report))
  ) return;
  kind.check(node, mode, report);
}

/** Reports each key that the table lacks, and each value that its field does not allow. */
export function checkFields(
  fields: FieldTable,
  node: MapNode,
  what: string,
  mode: Mode,
  report: Report,
): void {
  for (const { key, keyPlace, value } of node.entries) {
    const field = fields.get(key);
    if (field) checkField(field.kind, value, mode, report);
    else if (!report.full) {
      report.add(`unknown field ${quote(key)} in ${what}`, keyPlace, suggest(key, fields.keys()));
    }
  }
}

function isWord(node: Node, words: readonly string[]): boolean {
  return node.kind === "scalar" && node.plain && typeof node.value === "string" && words.includes(node.value);
}

/** Returns a reference to the schema of a kind. Each kind has one schema for sending and one for expecting. */
export function fieldReference(kind: FieldKind, mode: Mode, definitions: Definitions): JsonSchema {
  const name = `${mode}-${kind.name}`;
  if (!definitions.has(name)) {
    definitions.set(name, {});
    const words: readonly JsonSchema[] = mode === "send" ? [{ enum: WORDS.send }] : [
      { enum: WORDS.expect },
      matcherSchema(definitions),
    ];
    definitions.set(name, { anyOf: [kind.schema(mode, definitions), ...words, VARIABLE] });
  }
  return { $ref: `#/$defs/${name}` };
}

/** Returns the schema of a map of fields; `extra` are additional keys. */
export function fieldsSchema(
  fields: FieldTable,
  mode: Mode,
  about: string,
  definitions: Definitions,
  extra: { readonly [key: string]: Json } = {},
): JsonSchema {
  const properties = [...fields].map(([name, { kind, about }]) =>
    [name, { ...fieldReference(kind, mode, definitions), description: about }] as const
  );
  return {
    type: "object",
    description: about,
    properties: { ...Object.fromEntries(properties), ...extra },
    additionalProperties: false,
  };
}

/** Returns the values of the fields to send, without omitted ones. Throws ValueError. */
export function buildFields(
  fields: readonly (readonly [name: string, value: Value])[],
  table: FieldTable,
  scope: Scope,
): Readonly<Record<string, unknown>> {
  const built: Record<string, unknown> = {};
  for (const [name, value] of fields) {
    const field = table.get(name);
    if (field && !isOmitted(value, scope)) built[name] = field.kind.build(value, scope, name);
  }
  return built;
}

/** Whether a field is omitted, directly or by a row's variable. */
export function isOmitted(value: Value, scope: Scope): boolean {
  return wordOf(resolve(value, scope).value) === "omit";
}
