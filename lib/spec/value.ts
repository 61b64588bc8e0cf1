import { splitDollars } from "./dollar_text.ts";
import type { Node, ScalarNode } from "./node.ts";
import type { Place } from "./place.ts";
import type { Problem } from "./problem.ts";

/** A value of a file, possibly with variables. Every value knows its place. */
export type Value =
  /** `source` is the scalar as written, which is used where a string is expected (`007`). */
  | {
    readonly kind: "literal";
    readonly value: string | number | boolean | null;
    readonly source: string;
    /** Whether it is written without quotes and may therefore be a keyword, such as `omit`. */
    readonly plain?: boolean | undefined;
    readonly place: Place;
  }
  /** `$name` or `$name.field.0` alone, which keeps the type of what it names. */
  | { readonly kind: "variable"; readonly path: readonly string[]; readonly place: Place }
  /** Text that contains variables. */
  | { readonly kind: "text"; readonly parts: readonly (string | readonly string[])[]; readonly place: Place }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly place: Place }
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, Value])[]; readonly place: Place };

/** Formats a value as it is written in a file, on one line. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case "literal":
      return value.source;
    case "variable":
      return `$${value.path.join(".")}`;
    case "text":
      return value.parts.map((part) => typeof part === "string" ? part : `$${part.join(".")}`).join("");
    case "list":
      return `[${value.items.map(valueText).join(", ")}]`;
    case "map":
      return `{ ${value.entries.map(([key, item]) => `${key}: ${valueText(item)}`).join(", ")} }`;
  }
}

/** A text split into literal parts and variable paths, or its first mistake. */
export interface ParsedText {
  readonly parts: readonly (string | readonly string[])[];
  /** The first mistake and its offset from the start of the text, in characters. */
  readonly mistake?: { readonly at: number; readonly message: string; readonly hint: string } | undefined;
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;

/**
 * Finds the variables in a text: `$name`, `$name.field`, `${name.field}`; `$$` is a dollar sign. A name is
 * the longest run of letters, digits and `_`; a dot belongs to it if a letter, digit or `_` follows.
 */
export function parseText(text: string): ParsedText {
  const { parts, mistake } = splitDollars(text, NAME);
  const paths = parts.map((part) => typeof part === "string" ? part : part.name.split("."));
  if (!mistake) return { parts: paths };
  const { at, kind } = mistake;
  return kind === "nameless"
    ? {
      parts: paths,
      mistake: { at, message: "a $ without a name", hint: "write $$ for a dollar sign" },
    }
    : {
      parts: paths,
      mistake: { at, message: "a ${ without its }", hint: "write ${name} or ${name.field}" },
    };
}

/** Converts a node to a value. Reports mistakes in its variables. */
export function toValue(node: Node, report: (problem: Problem) => void): Value {
  const { place } = node;
  switch (node.kind) {
    case "list":
      return { kind: "list", items: node.items.map((item) => toValue(item, report)), place };
    case "map":
      return {
        kind: "map",
        entries: node.entries.map(({ key, value }) => [key, toValue(value, report)] as const),
        place,
      };
    case "scalar":
      return scalarValue(node, report);
  }
}

function scalarValue(node: ScalarNode, report: (problem: Problem) => void): Value {
  const { value, source, plain, place } = node;
  if (typeof value !== "string" || !value.includes("$")) {
    return { kind: "literal", value, source, place, plain };
  }
  const { parts, mistake } = parseText(value);
  if (mistake) {
    const { at, message, hint } = mistake;
    // In quoted or multi-line text the offset in the source is not exact.
    const exact = plain && place.length >= value.length;
    report({ message, hint, place: exact ? { ...place, column: place.column + at, length: 1 } : place });
  }
  const [first] = parts;
  if (parts.length > 1 || first === undefined) return { kind: "text", parts, place };
  if (typeof first !== "string") return { kind: "variable", path: first, place };
  return { kind: "literal", value: first, source: first, place };
}

/**
 * Returns the keyword that a plain scalar contains (`omit`, `any`, `absent`). Returns undefined for anything
 * else, including quoted text.
 */
export function wordOf(value: Value): string | undefined {
  return value.kind === "literal" && value.plain && typeof value.value === "string" ? value.value : undefined;
}

/** Returns the value of a key in a map value. */
export function keyOf(value: Value, key: string): Value | undefined {
  return value.kind === "map" ? value.entries.find(([name]) => name === key)?.[1] : undefined;
}

/** Calls `visit` for each variable in a value. */
export function eachVariable(value: Value, visit: (path: readonly string[], place: Place) => void): void {
  switch (value.kind) {
    case "literal":
      return;
    case "variable":
      return visit(value.path, value.place);
    case "text":
      for (const part of value.parts) if (typeof part !== "string") visit(part, value.place);
      return;
    case "list":
      for (const item of value.items) eachVariable(item, visit);
      return;
    case "map":
      for (const [, item] of value.entries) eachVariable(item, visit);
  }
}

/**
 * Replaces some variables of a value: `replace` returns the value for a path, or undefined to keep the
 * variable. Only a literal, a variable or text can be inserted inside a text; otherwise the variable is kept.
 */
export function substitute(value: Value, replace: (path: readonly string[]) => Value | undefined): Value {
  switch (value.kind) {
    case "literal":
      return value;
    case "variable":
      return replace(value.path) ?? value;
    case "list":
      return { ...value, items: value.items.map((item) => substitute(item, replace)) };
    case "map":
      return {
        ...value,
        entries: value.entries.map(([key, item]) => [key, substitute(item, replace)] as const),
      };
    case "text": {
      const parts = value.parts.flatMap((part): readonly (string | readonly string[])[] => {
        const put = typeof part === "string" ? undefined : replace(part);
        if (put?.kind === "literal") return [put.source];
        if (put?.kind === "text") return put.parts;
        return [put?.kind === "variable" ? put.path : part];
      });
      if (parts.some((part) => typeof part !== "string")) return { ...value, parts };
      const text = parts.join("");
      return { kind: "literal", value: text, source: text, place: value.place };
    }
  }
}
