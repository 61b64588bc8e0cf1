import { suggest } from "../../../ground/nearest.ts";
import { resolve, ValueError } from "../../../spec/evaluate.ts";
import type { Definitions, JsonSchema, Report } from "../../../spec/form.ts";
import { describeNode, type Node } from "../../../spec/node.ts";
import { RAW_NAME } from "../../../mqtt/encode_properties.ts";
import { quote } from "../../../spec/problem.ts";
import type { Scope } from "../../../spec/scope.ts";
import type { Value } from "../../../spec/value.ts";
import { checkField, fieldReference } from "../field.ts";
import type { Field, FieldKind, FieldTable, Mode } from "../kind.ts";
import type { Scoped } from "./items.ts";
import { pair } from "./pair.ts";
import { bytes } from "./text.ts";

/** A property that 5.0 does not define, or an incomplete one. */
const RAW: Field = { kind: bytes, about: "the bytes after an undefined property identifier" };

/** A property in the form for sending. */
export interface BuiltProperty {
  readonly name: string;
  readonly value: unknown;
}

/**
 * The properties of a 5.0 packet: a map by name, with a list to repeat one, or a list of maps for an exact
 * order.
 */
export function properties(table: FieldTable): FieldKind {
  return {
    name: "properties",
    check: (node, mode, report) => checkProperties(table, node, mode, report),
    schema: (mode, definitions) => ({
      anyOf: [propertiesSchema(table, mode, definitions), { type: "array" }],
    }),
    build: (value, scope) => buildProperties(table, value, scope),
  };
}

function checkProperties(table: FieldTable, node: Node, mode: Mode, report: Report): void {
  if (node.kind === "list") {
    for (const item of node.items) {
      if (item.kind === "map" && item.entries.length === 1) checkProperties(table, item, mode, report);
      else {report.add(
          `expected one property, found ${describeNode(item)}`,
          item.place,
          "write { name: value }",
        );}
    }
    return;
  }
  if (node.kind !== "map") {
    return report.add(
      `expected properties, found ${describeNode(node)}`,
      node.place,
      "write { name: value }",
    );
  }
  for (const { key, keyPlace, value } of node.entries) {
    if (report.full) return;
    const field = fieldOf(table, key, mode);
    if (!field) {
      report.add(`unknown property ${quote(key)}`, keyPlace, suggest(key, table.keys()));
    } else if (mode === "send" && value.kind === "list" && field.kind !== pair) {
      for (const item of value.items) checkField(field.kind, item, mode, report);
    } else {
      checkField(field.kind, value, mode, report);
    }
  }
}

function propertiesSchema(table: FieldTable, mode: Mode, definitions: Definitions): JsonSchema {
  const named = [...table].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { kind }]) => {
    const one = fieldReference(kind, mode, definitions);
    return [name, { anyOf: [one, { type: "array", items: one }] }] as const;
  });
  const unknown = mode === "send"
    ? { patternProperties: { [RAW_NAME.source]: fieldReference(bytes, mode, definitions) } }
    : {};
  return { type: "object", properties: Object.fromEntries(named), ...unknown, additionalProperties: false };
}

function fieldOf(table: FieldTable, name: string, mode: Mode): Field | undefined {
  return mode === "send" && RAW_NAME.test(name) ? RAW : table.get(name);
}

function buildProperties(table: FieldTable, value: Value, scope: Scope): readonly BuiltProperty[] {
  const found = resolve(value, scope);
  if (found.value.kind === "list") {
    return found.value.items.flatMap((item) => buildProperties(table, item, found.scope));
  }
  if (found.value.kind !== "map") throw new ValueError("expected a map of properties by name", value.place);
  return found.value.entries.flatMap(([name, item]) => {
    const kind = fieldOf(table, name, "send")?.kind;
    if (!kind) throw new ValueError(`unknown property "${name}"`, item.place);
    return repeated(kind, item, found.scope).map((one) => ({
      name,
      value: kind.build(one.value, one.scope, name),
    }));
  });
}

function repeated(kind: FieldKind, value: Value, scope: Scope): readonly Scoped[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") return [found];
  const onePair = kind === pair && found.value.items.every((item) => item.kind !== "list");
  return onePair ? [found] : found.value.items.map((item) => ({ value: item, scope: found.scope }));
}
