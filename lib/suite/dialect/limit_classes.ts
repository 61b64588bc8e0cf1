/** The boundary classes of a parameter, derived from its grammar. */
import type { FieldSpec } from "../../at/dialect.ts";

/** A parameter to send, in the suite language: a number, text, `{ quoted }`, `{ bare }`, or `omit`. */
export type Typed = string | number | { readonly [form: string]: unknown };

/** One class of one parameter. */
export interface LimitClass {
  /** `above`, `one-longer`, …: a key of the dialect's `classes:`. */
  readonly name: string;
  /** The parameter to send; absent if the line ends before it. */
  readonly typed?: Typed;
  /** The value that arrives, if it differs from what is sent. */
  readonly means?: Typed;
  /** Distinguishes several cases of one class. */
  readonly mark?: string;
}

/** Each class, as a purpose says it of its parameter: "when host <is one character too long>". */
export const CLASS_TEXTS: ReadonlyMap<string, string> = new Map([
  ["each", "is an allowed number"],
  ["between", "is a number between the allowed ones"],
  ["lowest", "is the lowest number in its range"],
  ["highest", "is the highest number in its range"],
  ["below", "is below its range"],
  ["above", "is above its range"],
  ["negative", "is negative"],
  ["leading-zero", "has leading zeros"],
  ["quoted-number", "is a number in quotes"],
  ["text-for-number", "is a text instead of a number"],
  ["one-character", "has one character"],
  ["longest", "has the longest length"],
  ["one-longer", "is one character too long"],
  ["unquoted-text", "has no quotes"],
  ["empty-text", "is an empty text in quotes"],
  ["third-quote", "contains a third quote"],
  ["control-character", "contains a control character"],
  ["optional-empty", "is optional and empty"],
  ["left-off", "is missing at the end of the line"],
  ["empty", "is empty"],
  ["extra", "is followed by a parameter too many"],
]);

/** The names of all classes. */
export const CLASS_NAMES: readonly string[] = [...CLASS_TEXTS.keys()];

const LETTER = "x";

/**
 * Returns the classes of a number. `values` narrows the values in the grammar; `beyond` is the value to send
 * as the one above the highest if the target's limit differs.
 */
export function numberClasses(
  field: FieldSpec,
  values: readonly number[] | undefined,
  beyond?: number | string,
): readonly LimitClass[] {
  const classes: LimitClass[] = [];
  const [low, high] = field.range ?? [undefined, undefined];
  const allowed = values ?? field.values;
  if (allowed) {
    for (const value of allowed) classes.push({ name: "each", typed: value, mark: String(value) });
    const sorted = allowed.toSorted((a, b) => a - b);
    const between = sorted.map((value) => value + 1).find((value) => !allowed.includes(value));
    if (between !== undefined && !field.values?.includes(between)) {
      classes.push({ name: "between", typed: between });
    }
  }
  if (low !== undefined && high !== undefined) {
    classes.push({ name: "lowest", typed: low });
    if (high > low) classes.push({ name: "highest", typed: high });
    if (low > 0) classes.push({ name: "below", typed: low - 1 });
    classes.push({ name: "above", typed: beyond ?? high + 1 });
  }
  const example = allowed?.[0] ?? low ?? 0;
  return [
    ...classes,
    { name: "negative", typed: { bare: "-1" } },
    { name: "leading-zero", typed: { bare: `00${example}` }, means: example },
    { name: "quoted-number", typed: { quoted: String(example) } },
    { name: "text-for-number", typed: { bare: "abc" } },
  ];
}

/**
 * Returns the classes of a text of at most `longest` bytes: a number, a variable such as `$topicMax`, or
 * unknown.
 */
export function textClasses(field: FieldSpec, longest: number | string | undefined): readonly LimitClass[] {
  const classes: LimitClass[] = [{ name: "one-character", typed: LETTER }];
  if (longest !== undefined) {
    const most: Typed = { repeat: LETTER, times: longest };
    classes.push({ name: "longest", typed: most });
    const more: Typed = { join: [most, LETTER] };
    classes.push({ name: "one-longer", typed: more });
  }
  // In the rest of a line quotes, commas and control characters are part of the payload.
  if (field.raw) return classes;
  return [
    ...classes,
    { name: "unquoted-text", typed: { bare: "abc" }, means: "abc" },
    { name: "empty-text", typed: { quoted: "" } },
    { name: "third-quote", typed: { bare: '"a"b"' } },
    { name: "control-character", typed: { join: ["a", { hex: "01" }] } },
  ];
}

/** Returns the classes for omitting a parameter; `last` marks the last parameter in the list. */
export function absenceClasses(field: FieldSpec, last: boolean): readonly LimitClass[] {
  if (field.optional) return field.raw ? [] : [{ name: "optional-empty", typed: "omit", means: "absent" }];
  return last ? [{ name: "left-off" }] : [{ name: "empty", typed: "omit" }, { name: "left-off" }];
}
