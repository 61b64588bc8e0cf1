/**
 * Reads the parameters of a write command: splits them at commas, and checks them against the command's
 * table.
 */

/** One parameter as written. */
export type Written =
  | { readonly kind: "omitted" }
  | { readonly kind: "bare"; readonly text: string }
  | { readonly kind: "quoted"; readonly text: string }
  /** The untouched rest of the line. */
  | { readonly kind: "rest"; readonly text: string };

/** The most parameters of a command [ECMT-AT-8]. */
const MOST = 32;

/**
 * Splits at the commas outside quotes and removes spaces around a parameter [ECMT-AT-3]. From `restAt` on
 * (counted from 0) the text is one parameter, whatever it contains. Returns undefined for a text that cannot
 * be parsed [ECMT-AT-21, ECMT-AT-28].
 */
export function splitParameters(
  text: string,
  restAt = MOST,
  skipsSpaces = true,
  escapes = false,
): readonly Written[] | undefined {
  const written: Written[] = [];
  let at = 0;
  for (;;) {
    if (written.length >= MOST) return undefined;
    while (skipsSpaces && text[at] === " ") at++;
    if (written.length === restAt) {
      const rest = text.slice(at);
      written.push(rest === "" ? { kind: "omitted" } : { kind: "rest", text: rest });
      return written;
    }
    let end: number;
    if (text[at] === '"') {
      const close = escapes ? closeOf(text, at + 1) : text.indexOf('"', at + 1);
      if (close < 0) return undefined;
      const quoted = text.slice(at + 1, close);
      written.push({ kind: "quoted", text: escapes ? quoted.replace(/\\([^])/g, "$1") : quoted });
      end = close + 1;
      while (text[end] === " ") end++;
    } else {
      const comma = text.indexOf(",", at);
      end = comma < 0 ? text.length : comma;
      const bare = text.slice(at, end).trimEnd();
      if (bare.includes('"')) return undefined;
      written.push(bare === "" ? { kind: "omitted" } : { kind: "bare", text: bare });
    }
    if (hasControl(written.at(-1))) return undefined;
    if (end >= text.length) return written;
    if (text[end] !== ",") return undefined;
    at = end + 1;
  }
}

/** The place of the next quote without a backslash before it; -1 for none. */
function closeOf(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function hasControl(written: Written | undefined): boolean {
  if (!written || written.kind === "omitted") return false;
  for (let at = 0; at < written.text.length; at++) {
    const code = written.text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}

/** The lowest and the highest value of a number, or length of a text in bytes. */
export type Range = readonly [number, number];

/** A parameter in a command's table. */
export interface Parameter {
  /** Its name in the manual. */
  readonly name: string;
  readonly type: "number" | "text" | "rest";
  readonly mandatory: boolean;
  readonly range: Range;
}

/** The parameters of a command by name. */
export class Arguments {
  readonly #values: ReadonlyMap<string, number | string>;

  constructor(values: ReadonlyMap<string, number | string>) {
    this.#values = values;
  }

  /** Returns a number, or `fallback` if it was omitted. */
  number(name: string, fallback = 0): number {
    const value = this.#values.get(name);
    return typeof value === "number" ? value : fallback;
  }

  /** Returns a text as a binary string, or undefined if it was omitted. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === "string" ? value : undefined;
  }
}

/** How strictly a table of parameters is applied; a defect changes it. */
export interface Strictness {
  readonly mandatory: (parameter: string) => boolean;
  readonly range: (parameter: string, range: Range) => Range;
  readonly refusesExtra: boolean;
  readonly takesQuotedNumbers: boolean;
  readonly refusesEmptyText: boolean;
}

/**
 * Reads parameters against a table. `syntax` means that the parser found an error (missing, wrong type, too
 * many), `refused` that the handler did (out of range). The handler checks only if the parser found none
 * [ECMT-AT-30, ECMT-AT-31].
 */
export function readArguments(
  written: readonly Written[],
  table: readonly Parameter[],
  strictness: Strictness,
): Arguments | "syntax" | "refused" {
  if (written.length > table.length && strictness.refusesExtra) return "syntax";
  const values = new Map<string, number | string>();
  let inRange = true;
  for (const [index, parameter] of table.entries()) {
    const given = written[index] ?? { kind: "omitted" };
    if (given.kind === "omitted") {
      if (parameter.mandatory && strictness.mandatory(parameter.name)) return "syntax";
      continue;
    }
    const value = valueOf(given, parameter, strictness);
    if (value === undefined) return "syntax";
    values.set(parameter.name, value);
    const [low, high] = strictness.range(parameter.name, parameter.range);
    const measure = typeof value === "number" ? value : value.length;
    if (measure < low || measure > high) inRange = false;
    const empty = parameter.type === "text" && value === "";
    if (empty && strictness.refusesEmptyText) inRange = false;
  }
  return inRange ? new Arguments(values) : "refused";
}

function valueOf(
  given: Exclude<Written, { kind: "omitted" }>,
  parameter: Parameter,
  strictness: Strictness,
): number | string | undefined {
  if (parameter.type === "rest") return given.kind === "rest" ? withoutQuotes(given.text) : given.text;
  if (parameter.type === "text") return given.text;
  if (given.kind === "quoted" && !strictness.takesQuotedNumbers) return undefined;
  return /^\d+$/.test(given.text) ? Number(given.text) : undefined;
}

/** Removes one leading quote and, with it, one trailing quote [ECMT-PUB-W20]. */
function withoutQuotes(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.length > 1 && text.endsWith('"') ? text.slice(1, -1) : text.slice(1);
}
