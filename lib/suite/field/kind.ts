import type { Definitions, JsonSchema, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";

/** Whether a value is sent, or compared with a received one. */
export type Mode = "send" | "expect";

/** The type of a field: checks a value, describes it as a schema and converts it for sending. */
export interface FieldKind {
  /** Its name in the schema, such as `0-to-255`. */
  readonly name: string;
  /** How a single value is compared. A kind without it is a group of values, and every matcher applies to it. */
  readonly compares?: "number" | "text";
  /** Reports a value that this kind does not allow. Variables, keywords and matchers are handled before. */
  check(node: Node, mode: Mode, report: Report): void;
  schema(mode: Mode, definitions: Definitions): JsonSchema;
  /**
   * Returns the value after its variables are replaced; `name` is the field's name for messages. Throws
   * ValueError for a value that the kind does not allow.
   */
  build(value: Value, scope: Scope, name: string): unknown;
}

/** One field of a packet, of a frame, or of an operation. */
export interface Field {
  readonly kind: FieldKind;
  /** One line for the schema and the reference page. */
  readonly about: string;
  /** The field that this one is a short form of; if that is a list, this is its only item. */
  readonly short?: string | undefined;
}

/** The field values of a step, with short forms expanded. */
export type Fields = readonly (readonly [name: string, value: Value])[];

/** Fields by name. */
export type FieldTable = ReadonlyMap<string, Field>;

/** A row of a table of fields. */
export type FieldRow = readonly [kind: FieldKind, about: string, short?: string];

/** Creates a table of fields in the order of its rows. */
export function fieldTable(rows: Readonly<Record<string, FieldRow>>): FieldTable {
  return new Map(Object.entries(rows).map(([name, [kind, about, short]]) => [name, { kind, about, short }]));
}
