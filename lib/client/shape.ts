/** Part of a JSON Schema. */
export type JsonShape = { readonly [key: string]: unknown };

/** What a JSON value has to be: a check and the JSON Schema of the same thing, so that they can't drift apart. */
export interface Shape {
  /** Says what is wrong with a value, as the end of a sentence about `at`; undefined if it fits. */
  readonly problem: (value: unknown, at: string) => string | undefined;
  readonly schema: JsonShape;
}

/** A field of an object and what it is for. */
export interface ShapedField {
  readonly shape: Shape;
  readonly about: string;
  readonly required: boolean;
}

/** The fields of an object by their names. */
export type ShapedFields = Readonly<Record<string, ShapedField>>;

/** A field that must be there. */
export function required(shape: Shape, about: string): ShapedField {
  return { shape, about, required: true };
}

/** A field that may be left out. */
export function optional(shape: Shape, about: string): ShapedField {
  return { shape, about, required: false };
}

/** A whole number within bounds. */
export function integer(least: number, most: number): Shape {
  return {
    problem: (value, at) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most
        ? undefined
        : `${at} is ${shown(value)}, expected a whole number from ${least} to ${most}`,
    schema: { type: "integer", minimum: least, maximum: most },
  };
}

/** `true` or `false`. */
export const BOOLEAN: Shape = {
  problem: (value, at) =>
    typeof value === "boolean" ? undefined : `${at} is ${shown(value)}, expected true or false`,
  schema: { type: "boolean" },
};

/** Text of bounded length. */
export function text(longest: number): Shape {
  return {
    problem: (value, at) => {
      if (typeof value !== "string") return `${at} is ${shown(value)}, expected text`;
      return value.length > longest
        ? `${at} has ${value.length} characters, expected at most ${longest}`
        : undefined;
    },
    schema: { type: "string", maxLength: longest },
  };
}

/** One of some words. */
export function word(words: readonly string[]): Shape {
  return {
    problem: (value, at) =>
      typeof value === "string" && words.includes(value)
        ? undefined
        : `${at} is ${shown(value)}, expected ${words.join(", ")}`,
    schema: { enum: words },
  };
}

/** A list of bounded length. */
export function list(item: Shape, most: number): Shape {
  return {
    problem: (value, at) => {
      if (!Array.isArray(value)) return `${at} is ${shown(value)}, expected a list`;
      if (value.length > most) return `${at} has ${value.length} items, expected at most ${most}`;
      for (const [index, one] of value.entries()) {
        const problem = item.problem(one, `${at}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    schema: { type: "array", items: item.schema, maxItems: most },
  };
}

/** An object with these fields and no others. */
export function object(fields: ShapedFields): Shape {
  return {
    problem: (value, at) => {
      if (!isObject(value)) return `${at} is ${shown(value)}, expected an object`;
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(fields, name)) return `${at} has the unknown field ${shown(name)}`;
      }
      for (const [name, field] of Object.entries(fields)) {
        if (!Object.hasOwn(value, name)) {
          if (field.required) return `${at} has no field "${name}"`;
          continue;
        }
        const problem = field.shape.problem(value[name], `"${name}" of ${at}`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    schema: {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(fields).map((
          [name, { shape, about }],
        ) => [name, { ...shape.schema, description: about }]),
      ),
      required: Object.entries(fields).filter(([, field]) => field.required).map(([name]) => name),
      additionalProperties: false,
    },
  };
}

/** Either of two shapes; the problem told is that of the second. */
export function either(first: Shape, second: Shape): Shape {
  return {
    problem: (value, at) => first.problem(value, at) === undefined ? undefined : second.problem(value, at),
    schema: { anyOf: [first.schema, second.schema] },
  };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a few characters, for a message. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
