import type { Lines } from "./lines.ts";
import type { Entry, Node, ScalarNode } from "./node.ts";
import { coreValue, unescaped } from "./plain_scalar.ts";

/**
 * Reads the YAML that suites are written in: block and flow collections, comments, scalars without and with quotes. Gives
 * undefined for a text that holds anything else or a mistake; the library reads such a text, or says what is wrong. What
 * this reader takes it reads as the library does, in less than a tenth of the time: the files that ship in 90 ms, where
 * the library takes 840 ms.
 */
export function readPlainYaml(lines: Lines, deepest: number): Node | undefined {
  if (UNUSUAL.test(lines.text)) return undefined;
  try {
    return new PlainYaml(lines, deepest).file();
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

/** Thrown, and caught here, at what is left to the library. */
class Unusual extends Error {}

/** Tabs and other control characters, line ends other than LF, marks of documents, directives. */
// deno-lint-ignore no-control-regex
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/m;

// Each pattern is tried at the place where the reader stands.
const SPACES = / */y;
const REST_OF_LINE = / *(?: #.*)?(?:\n|$)/y;
/** Lines without content, and the indentation of the next one that has some. */
const BLANK_LINES = /(?: *(?:#.*)?\n)* */y;
/** A scalar without quotes on one line of a block: a colon or a # stands within words only. */
const BLOCK_PLAIN = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=\S))(?:[^\n:# ]|:(?=\S)|(?<! )#| +(?=[^\s#:]|:\S))*/y;
/** The same in a flow collection, where brackets, braces and commas end it. */
const FLOW_PLAIN =
  /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))(?:[^\n:# ,[\]{}]|:(?=[^\s,[\]{}])|(?<! )#| +(?=[^\s#:,[\]{}]|:[^\s,[\]{}]))*/y;
/** The escapes of JSON, `\x41` and `\U0001F600`; a line that ends within the quotes goes on in the next. */
const DOUBLE_QUOTED =
  /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5})|\n +(?=\S))*"/y;
const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y;

/** For a scalar that must not go on in the next line. */
const ONE_LINE = Infinity;

class PlainYaml {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #deepest: number;
  #at = 0;
  /** Behind the line on which the last value ended; there a block collection ends, too. */
  #ended = 0;

  constructor(lines: Lines, deepest: number) {
    this.#text = lines.text;
    this.#lines = lines;
    this.#deepest = deepest;
  }

  file(): Node {
    if (this.#nextLine() !== 0) throw new Unusual();
    const node = this.#block(0, -1, 0);
    if (this.#at < this.#text.length) throw new Unusual();
    return node;
  }

  /** Reads what begins here, at a column, within a collection that stands at the column `outer`. */
  #block(column: number, outer: number, depth: number): Node {
    if (depth > this.#deepest) throw new Unusual();
    if (this.#atDash()) return this.#list(column, depth);
    const start = this.#at;
    const keyed = this.#key() !== undefined;
    this.#at = start;
    if (keyed) return this.#map(column, depth);
    if (outer < 0) throw new Unusual();
    return this.#value(outer, depth);
  }

  #map(column: number, depth: number): Node {
    const start = this.#at;
    const entries: Entry[] = [];
    const seen = new Set<string>();
    do {
      const key = this.#key();
      if (!key) throw new Unusual();
      entries.push(uniqueEntry(key, this.#valueOfKey(column, depth + 1), seen));
    } while (this.#goesOn(column) && !this.#atDash());
    return { kind: "map", entries, ...this.#located(start, this.#ended) };
  }

  #list(column: number, depth: number): Node {
    const start = this.#at;
    const items: Node[] = [];
    do {
      this.#at++;
      const spaces = this.#take(SPACES).length;
      if (spaces === 0 || this.#text[this.#at] === "#") throw new Unusual();
      items.push(this.#block(column + 1 + spaces, column, depth + 1));
    } while (this.#goesOn(column) && this.#atDash());
    return { kind: "list", items, ...this.#located(start, this.#ended) };
  }

  /** Whether the line that the reader stands at belongs to a collection at this column. */
  #goesOn(column: number): boolean {
    if (this.#at === this.#text.length) return false;
    const next = this.#column();
    if (next > column) throw new Unusual();
    return next === column;
  }

  /** Reads the value of a key: on the same line, or below. */
  #valueOfKey(column: number, depth: number): Node {
    if (!this.#passes(REST_OF_LINE)) {
      this.#take(SPACES);
      return this.#value(column, depth);
    }
    const below = this.#nextLine();
    if (below > column) return this.#block(below, column, depth);
    if (below === column && this.#atDash()) return this.#list(below, depth);
    throw new Unusual();
  }

  /** Reads a flow collection or a scalar, and the rest of its line. */
  #value(outer: number, depth: number): Node {
    const node = this.#flowCollection(outer, depth) ?? this.#quoted(outer) ?? this.#blockPlain(outer);
    if (!node || !this.#passes(REST_OF_LINE)) throw new Unusual();
    this.#ended = this.#at;
    this.#nextLine();
    return node;
  }

  #blockPlain(outer: number): ScalarNode | undefined {
    const start = this.#at;
    let source = this.#take(BLOCK_PLAIN);
    if (source === "") return undefined;
    let end = this.#at;
    // It goes on in lines that are indented deeper.
    while (this.#text[this.#at] === "\n") {
      this.#at++;
      const indent = this.#take(SPACES).length;
      const more = indent > outer ? this.#take(BLOCK_PLAIN) : "";
      if (more === "") {
        this.#at = end;
        break;
      }
      source += ` ${more}`;
      end = this.#at;
    }
    return this.#plainScalar(source, start, end);
  }

  /** Reads a list in brackets or a map in braces, if there is one; its lines are indented deeper than `outer`. */
  #flowCollection(outer: number, depth: number): Node | undefined {
    const start = this.#at;
    const open = this.#text[start];
    if (open !== "[" && open !== "{") return undefined;
    if (depth > this.#deepest) throw new Unusual();
    const close = open === "[" ? "]" : "}";
    const items: Node[] = [];
    const entries: Entry[] = [];
    const seen = new Set<string>();
    this.#at++;
    this.#flowSpace(outer);
    while (this.#text[this.#at] !== close) {
      if (open === "[") items.push(this.#flowItem(outer, depth + 1));
      else entries.push(this.#flowEntry(this.#flowScalar(ONE_LINE), seen, outer, depth + 1));
      this.#flowSpace(outer);
      if (this.#text[this.#at] === close) break;
      if (this.#text[this.#at] !== ",") throw new Unusual();
      this.#at++;
      this.#flowSpace(outer);
    }
    this.#at++;
    const located = this.#located(start, this.#at);
    return open === "[" ? { kind: "list", items, ...located } : { kind: "map", entries, ...located };
  }

  /** Reads an item of a list in brackets; `key: value` is a map of its own there. */
  #flowItem(outer: number, depth: number): Node {
    const start = this.#at;
    const collection = this.#flowCollection(outer, depth);
    if (collection) return collection;
    const scalar = this.#flowScalar(outer);
    if (this.#text[this.#at] !== ":") return scalar;
    const entry = this.#flowEntry(scalar, new Set(), outer, depth + 1);
    return { kind: "map", entries: [entry], ...this.#located(start, entry.value.range[1]) };
  }

  #flowEntry(key: ScalarNode, seen: Set<string>, outer: number, depth: number): Entry {
    if (depth > this.#deepest || this.#text[this.#at] !== ":") throw new Unusual();
    this.#at++;
    if (this.#take(SPACES) === "") throw new Unusual();
    return uniqueEntry(key, this.#flowCollection(outer, depth) ?? this.#flowScalar(outer), seen);
  }

  #flowScalar(outer: number): ScalarNode {
    const start = this.#at;
    const quoted = this.#quoted(outer);
    if (quoted) return quoted;
    const source = this.#take(FLOW_PLAIN);
    if (source === "") throw new Unusual();
    return this.#plainScalar(source, start, this.#at);
  }

  /** Passes over spaces, comments and line ends in a flow collection. */
  #flowSpace(outer: number): void {
    if (!this.#passes(REST_OF_LINE)) this.#take(SPACES);
    else if (this.#nextLine() <= outer) throw new Unusual();
  }

  /** Reads a key of a block map and the colon behind it, if there is one. */
  #key(): ScalarNode | undefined {
    const start = this.#at;
    const quoted = this.#quoted(ONE_LINE);
    const source = quoted ? "" : this.#take(BLOCK_PLAIN);
    const end = this.#at;
    if (end === start || this.#text[end] !== ":" || !/\s/.test(this.#text[end + 1] ?? "\n")) return undefined;
    this.#at++;
    return quoted ?? this.#plainScalar(source, start, end);
  }

  /** Reads a scalar in quotes, if there is one; its lines are indented deeper than `outer`. */
  #quoted(outer: number): ScalarNode | undefined {
    const start = this.#at;
    const sign = this.#text[start];
    if (sign !== '"' && sign !== "'") return undefined;
    const written = this.#take(sign === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED);
    if (written === "") throw new Unusual();
    for (const [line] of written.matchAll(/\n +/g)) if (line.length - 1 <= outer) throw new Unusual();
    const inner = written.slice(1, -1);
    const value = sign === "'" ? inner.replaceAll("''", "'") : unescaped(inner);
    return { kind: "scalar", value, source: value, plain: false, ...this.#located(start, this.#at) };
  }

  #plainScalar(source: string, start: number, end: number): ScalarNode {
    const value = coreValue(source);
    if (value === undefined) throw new Unusual();
    return { kind: "scalar", value, source, plain: true, ...this.#located(start, end) };
  }

  #atDash(): boolean {
    return this.#text[this.#at] === "-" && /\s/.test(this.#text[this.#at + 1] ?? "\n");
  }

  /** Goes from the beginning of a line to the next content, and gives its column; 0 at the end of the text. */
  #nextLine(): number {
    const passed = this.#take(BLANK_LINES);
    const column = this.#at < this.#text.length ? this.#column() : 0;
    // A comment that is indented deeper than what follows belongs to the collection before, which ends behind it.
    for (const [, indent = ""] of passed.matchAll(/^( *)#/gm)) {
      if (indent.length > column) throw new Unusual();
    }
    return column;
  }

  #column(): number {
    return this.#at - (this.#text.lastIndexOf("\n", this.#at - 1) + 1);
  }

  /** Takes what a pattern matches here; an empty text where it does not match. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  /** Passes over what a pattern matches here, and says whether it does. */
  #passes(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #located(start: number, end: number): Pick<Node, "place" | "range"> {
    return { place: this.#lines.place(start, end), range: [start, end] };
  }
}

/** An entry of a map; keys that stand twice and merge keys are mistakes, which are left to the library. */
function uniqueEntry(key: ScalarNode, value: Node, seen: Set<string>): Entry {
  if (seen.has(key.source) || key.source === "<<") throw new Unusual();
  seen.add(key.source);
  return { key: key.source, keyPlace: key.place, value };
}
