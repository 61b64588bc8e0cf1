import type { Definitions, JsonSchema, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";

/** Whether a value is sent, or compared with what came. */
export type Mode = "send" | "expect";

/** What may stand in a field: it checks a value, describes it as a schema, and makes of it what goes on the wire. */
export interface FieldKind {
  /** Its name in the schema, such as `0-to-255`. */
  readonly name: string;
  /** What one value is compared as. A kind without it is a group of values, to which every matcher applies. */
  readonly compares?: "number" | "text";
  /** Reports what can't stand here. Variables, words and matchers never come this far. */
  check(node: Node, mode: Mode, report: Report): void;
  schema(mode: Mode, definitions: Definitions): JsonSchema;
  /**
   * What the value is once its variables are known; `name` is the field's, for messages. Throws ValueError for a value
   * that it can't be.
   */
  build(value: Value, scope: Scope, name: string): unknown;
}

/** One field of a packet, of a frame, or of an operation. */
export interface Field {
  readonly kind: FieldKind;
  /** One line for the reader of a schema or of the reference. */
  readonly about: string;
  /** This field is the short form of another one: of its only item where that field is a list. */
  readonly short?: string | undefined;
}

/** The values that a step gives to fields, short forms written out. */
export type Fields = readonly (readonly [name: string, value: Value])[];

/** Fields by name. */
export type FieldTable = ReadonlyMap<string, Field>;

/** A row of a table of fields. */
export type FieldRow = readonly [kind: FieldKind, about: string, short?: string];

/** A table of fields, in the order of its rows. */
export function fieldTable(rows: Readonly<Record<string, FieldRow>>): FieldTable {
  return new Map(Object.entries(rows).map(([name, [kind, about, short]]) => [name, { kind, about, short }]));
}
