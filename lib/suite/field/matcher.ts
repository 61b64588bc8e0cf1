import type { JsonSchema, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";

/**
 * Compares a value of the file with a received one. Returns undefined if it matches, otherwise the difference
 * in a few words.
 */
export interface Compare {
  mismatch(expected: Value, actual: Data | undefined): string | undefined;
  /** Describes an expectation in a few words. */
  describe(expected: Value): string;
  readonly scope: Scope;
}

/** A comparison in place of a value: `{ between: [1, 5] }`. */
export interface Matcher {
  /** Its key. */
  readonly name: string;
  /** An example of it, for the reference page. */
  readonly written: string;
  /** What it matches, in one phrase for the reference page. */
  readonly about: string;
  /** The type of value that it compares; absent if any. */
  readonly compares?: "number" | "text";
  /** Set if it is allowed only in the parameters of a result line and not in fields. */
  readonly only?: "parameters";
  /** Reports an argument that is not allowed; `each` checks a node as a value of the field itself. */
  check(node: Node, report: Report, each: (node: Node) => void): void;
  /** The schema of its argument. */
  readonly schema: JsonSchema;
  /** Describes the expectation in a few words. */
  describe(value: Value, compare: Compare): string;
  /**
   * Returns undefined if the value matches, otherwise what was found and expected. `actual` is undefined if
   * the field is absent.
   */
  mismatch(value: Value, actual: Data | undefined, compare: Compare): string | undefined;
}
