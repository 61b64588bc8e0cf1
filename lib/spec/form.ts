import { defined } from "../ground/defined.ts";
import { DURATION_EXAMPLES, parseDuration } from "./duration.ts";
import { describeNode, type Node, type ScalarNode } from "./node.ts";
import type { Place } from "./place.ts";
import { type Problem, quote } from "./problem.ts";
import { suggest } from "../ground/nearest.ts";
import { toValue, type Value } from "./value.ts";

/** JSON as data, as used in a JSON Schema. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** A JSON Schema of draft 2020-12, or a part of one. */
export type JsonSchema = { readonly [key: string]: Json };

/** The named parts of a schema, collected while it is generated. */
export type Definitions = Map<string, JsonSchema>;

/** The number of mistakes in a file after which readers stop. */
const MOST_PROBLEMS = 1_000;

/** Collects the mistakes of a file. */
export class Report {
  readonly problems: Problem[] = [];

  /** Whether there are so many mistakes that readers stop looking for more. */
  get full(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  add(message: string, place: Place, hint?: string): void {
    this.problems.push(hint === undefined ? { message, place } : { message, place, hint });
  }
}

/** Declares what is allowed at one place in a file: reads it and describes it as a JSON Schema. */
export interface Form<T> {
  /** Reads a node and reports its mistakes. Returns undefined if nothing usable remains. */
  read(node: Node, report: Report): T | undefined;
  /** Returns the JSON Schema of what `read` accepts. */
  schema(definitions: Definitions): JsonSchema;
}

/**
 * The text of one scalar, as written. The whole text must match `pattern`; `what` names the expected text in
 * messages.
 */
export function text(
  options: { what?: string; pattern?: RegExp; longest?: number; empty?: boolean } = {},
): Form<string> {
  const { what = "text", pattern, longest = 10_000, empty = false } = options;
  return {
    read(node, report) {
      const scalar = scalarOf(node, what, report);
      if (!scalar) return undefined;
      const { source } = scalar;
      if (source === "" && !empty) report.add(`expected ${what}, found an empty text`, node.place);
      else if (source.length > longest) {
        report.add(`expected at most ${longest} characters, found more`, node.place);
      } else if (pattern && !pattern.test(source)) {
        report.add(`expected ${what}, found ${quote(source)}`, node.place);
      } else return source;
      return undefined;
    },
    schema: () => ({
      type: ["string", "number", "boolean"],
      ...defined({ description: what === "text" ? undefined : what, pattern: pattern?.source }),
    }),
  };
}

/** One of several words. */
export function word<const T extends string>(words: readonly T[], what: string): Form<T> {
  return {
    read(node, report) {
      const scalar = scalarOf(node, what, report);
      if (!scalar) return undefined;
      const found = words.find((candidate) => candidate === scalar.source);
      if (found === undefined) {
        report.add(`unknown ${what} ${quote(scalar.source)}`, node.place, suggest(scalar.source, words));
      }
      return found;
    },
    schema: () => ({ enum: [...words] }),
  };
}

/** A whole number. */
export function integer(options: { least?: number; most?: number; what?: string } = {}): Form<number> {
  const { least = 0, most = Number.MAX_SAFE_INTEGER, what = "a whole number" } = options;
  return {
    read(node, report) {
      const scalar = scalarOf(node, what, report);
      if (!scalar) return undefined;
      const { value } = scalar;
      if (typeof value !== "number" || !Number.isInteger(value)) {
        report.add(`expected ${what}, found ${describeNode(node)}`, node.place);
      } else if (value < least || value > most) {
        const allowed = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `${least} to ${most}`;
        report.add(`${value} is out of range`, node.place, allowed);
      } else return value;
      return undefined;
    },
    schema: () => ({ type: "integer", minimum: least, maximum: most }),
  };
}

/** True or false. */
export function flag(): Form<boolean> {
  return {
    read(node, report) {
      if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
      report.add(`expected true or false, found ${describeNode(node)}`, node.place);
      return undefined;
    },
    schema: () => ({ type: "boolean" }),
  };
}

/** A duration such as `2s`, as milliseconds. */
export function duration(): Form<number> {
  return {
    read(node, report) {
      const ms = node.kind === "scalar" ? parseDuration(node.source) : undefined;
      if (ms === undefined) {
        report.add(
          `expected a duration, found ${describeNode(node)}`,
          node.place,
          `such as ${DURATION_EXAMPLES}`,
        );
      }
      return ms;
    },
    schema: () => ({ type: "string", pattern: "^\\d+(\\.\\d+)?(ms|s|m|h)$" }),
  };
}

/** Any value, including variables. */
export function value(): Form<Value> {
  return {
    read: (node, report) => toValue(node, (problem) => report.problems.push(problem)),
    schema: () => ({}),
  };
}

/** A value with its place in the file. */
export function located<T>(form: Form<T>): Form<{ readonly value: T; readonly place: Place }> {
  return {
    read(node, report) {
      const found = form.read(node, report);
      return found === undefined ? undefined : { value: found, place: node.place };
    },
    schema: (definitions) => form.schema(definitions),
  };
}

/** A form with its own name in the schema, which may be recursive. */
export function named<T>(name: string, form: () => Form<T>): Form<T> {
  return {
    read: (node, report) => form().read(node, report),
    schema(definitions) {
      if (!definitions.has(name)) {
        definitions.set(name, {});
        definitions.set(name, form().schema(definitions));
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** Selects a form by the shape of the node: scalar, list or map. A shape without a form is a mistake. */
export function byShape<T>(
  what: string,
  shapes: { readonly scalar?: Form<T>; readonly list?: Form<T>; readonly map?: Form<T> },
  hint?: string,
): Form<T> {
  return {
    read(node, report) {
      const form = shapes[node.kind];
      if (form) return form.read(node, report);
      report.add(`expected ${what}, found ${describeNode(node)}`, node.place, hint);
      return undefined;
    },
    schema(definitions) {
      const forms = [shapes.scalar, shapes.list, shapes.map].filter((form) => form !== undefined);
      return { anyOf: forms.map((form) => form.schema(definitions)) };
    },
  };
}

/** Returns the complete schema of a file. */
export function fileSchema(form: Form<unknown>, title: string): JsonSchema {
  const definitions: Definitions = new Map();
  const schema = form.schema(definitions);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    ...schema,
    ...defined({ $defs: definitions.size > 0 ? Object.fromEntries(definitions) : undefined }),
  };
}

/** Returns the node if it is a scalar with a value; otherwise reports what was expected. */
export function scalarOf(node: Node, what: string, report: Report): ScalarNode | undefined {
  if (node.kind === "scalar" && (node.value !== null || !node.plain)) return node;
  report.add(`expected ${what}, found ${describeNode(node)}`, node.place);
  return undefined;
}
