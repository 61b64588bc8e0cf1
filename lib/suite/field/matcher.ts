import type { JsonSchema, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";

/** Compares a value of the file with what came: undefined where it fits, else what differs in a few words. */
export interface Compare {
  mismatch(expected: Value, actual: Data | undefined): string | undefined;
  /** An expectation in a few words. */
  describe(expected: Value): string;
  readonly scope: Scope;
}

/** A comparison in the place of a value: `{ between: [1, 5] }`. */
export interface Matcher {
  /** Its key. */
  readonly name: string;
  /** How it is written, for the reference. */
  readonly written: string;
  /** What fits, in one phrase for the reference. */
  readonly about: string;
  /** What it compares; without it, everything. */
  readonly compares?: "number" | "text";
  /** Where it must stand: in fields, or only in the parameters of a result line. */
  readonly only?: "parameters";
  /** Reports what can't stand behind its key; `each` checks a node as a value of the field itself. */
  check(node: Node, report: Report, each: (node: Node) => void): void;
  /** What stands behind its key. */
  readonly schema: JsonSchema;
  /** What is expected, in a few words. */
  describe(value: Value, compare: Compare): string;
  /** Undefined where it fits, else what came and what was expected. `actual` is undefined when the field is absent. */
  mismatch(value: Value, actual: Data | undefined, compare: Compare): string | undefined;
}
