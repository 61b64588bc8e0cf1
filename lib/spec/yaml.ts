import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments, type YAMLError } from "yaml";
import { Lines } from "./lines.ts";
import type { Entry, Node } from "./node.ts";
import type { Place } from "./place.ts";
import { readPlainYaml } from "./plain_yaml.ts";
import { type Problem, quote } from "./problem.ts";
import { yamlMessage } from "./yaml_message.ts";

/** The size limit of a file, in characters. */
export const LARGEST_FILE = 1024 * 1024;
/** The limit on nesting. */
export const DEEPEST_NESTING = 32;
/** The limit on reported syntax mistakes per file; later ones mostly follow from earlier ones. */
const MOST_PROBLEMS = 50;

/** The result of reading a file: its root node, or its syntax mistakes. */
export interface YamlFile {
  /** Absent if the file has no content or has syntax mistakes. */
  readonly root?: Node;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML 1.2 (core schema) into nodes with places. Rejects, with a place: aliases, anchors, tags, merge
 * keys, directives, duplicate keys, keys that are not scalars, multiple documents, files over {@link
 * LARGEST_FILE} and nesting over {@link DEEPEST_NESTING}. Never throws.
 */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new Lines(text, file);
  if (text.length > LARGEST_FILE) {
    const message = `the file has ${text.length} characters, more than ${LARGEST_FILE}`;
    return { problems: [{ message, place: lines.place(0, 1), hint: "split it into several files" }] };
  }
  const root = readPlainYaml(lines, DEEPEST_NESTING);
  return root ? { root, problems: [] } : readAnyYaml(lines);
}

/** Reads any YAML with the library, which reports what is wrong. */
export function readAnyYaml(lines: Lines): YamlFile {
  let documents: Document[];
  try {
    const parsed = parseAllDocuments(lines.text, {
      schema: "core",
      version: "1.2",
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    documents = Array.isArray(parsed) ? [...parsed] : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problems: [tooDeep(lines.place(0, 1))] };
  }
  return new Reading(lines).file(documents);
}

function tooDeep(place: Place): Problem {
  return { message: `more than ${DEEPEST_NESTING} levels of nesting`, place, hint: "write it flatter" };
}

class Reading {
  readonly #problems: Problem[] = [];

  constructor(readonly lines: Lines) {}

  file(documents: readonly Document[]): YamlFile {
    const [first, second] = documents;
    for (const document of documents) {
      // One mistake often makes the parser report several errors on the same line.
      const told = new Set<number>();
      for (const error of document.errors) {
        const { line } = this.lines.place(error.pos[0], error.pos[1]);
        if (!told.has(line)) this.#syntax(error);
        told.add(line);
      }
      if (document.directives?.yaml.explicit) {
        this.#add("a directive, which is not supported", this.lines.place(0, 1), "leave the % line out");
      }
    }
    if (second) {
      const [start] = rangeOf(second);
      this.#add(
        "a second document in one file",
        this.lines.place(start, start + 1),
        "put it into a file of its own",
      );
    }
    const root = first?.contents ? this.#node(first.contents, 0) : undefined;
    if (this.#problems.length > 0) return { problems: this.#problems.slice(0, MOST_PROBLEMS) };
    return root ? { root, problems: [] } : { problems: [] };
  }

  #add(message: string, place: Place, hint?: string): void {
    this.#problems.push({ message, place, hint });
  }

  #syntax(error: YAMLError): void {
    const [start, end] = error.pos;
    const { message, hint, at } = yamlMessage(error, this.lines.text);
    this.#add(
      message,
      at === undefined ? this.lines.place(start, Math.max(end, start + 1)) : this.lines.place(at, at + 1),
      hint,
    );
  }

  /** Converts a node as far as it is valid. A rejected part becomes null, so its siblings are read too. */
  #node(node: unknown, depth: number): Node {
    const range = rangeOf(node);
    const place = this.lines.place(range[0], range[1]);
    if (depth > DEEPEST_NESTING) {
      this.#problems.push(tooDeep(place));
    } else if (isAlias(node)) {
      this.#add(
        "an alias, which is not supported",
        place,
        `write the value out, or quote it: "*${node.source}"`,
      );
    } else if (isMap(node) || isSeq(node) || isScalar(node)) {
      this.#refuseDecoration(node, range[0], place);
      if (isSeq(node)) {
        return { kind: "list", items: node.items.map((item) => this.#node(item, depth + 1)), place, range };
      }
      if (isMap(node)) {
        return { kind: "map", entries: this.#entries(node.items, depth), place, range };
      }
      return this.#scalar(node, place, range);
    }
    return { kind: "scalar", value: null, source: "", plain: true, place, range };
  }

  #scalar(
    node: { value: unknown; source?: string; type?: unknown },
    place: Place,
    range: readonly [number, number],
  ): Node {
    const { value } = node;
    const plain = node.type === "PLAIN" || node.type === undefined;
    const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const source = typeof value === "string" ? value : node.source ?? "";
    return { kind: "scalar", value: known ? value : null, source, plain, place, range };
  }

  #entries(pairs: readonly { key: unknown; value: unknown }[], depth: number): readonly Entry[] {
    const entries: Entry[] = [];
    const seen = new Map<string, Place>();
    for (const pair of pairs) {
      const keyRange = rangeOf(pair.key);
      const keyPlace = this.lines.place(keyRange[0], keyRange[1]);
      if (!isScalar(pair.key)) {
        this.#add("a key that is not a single value", keyPlace, "write key: value");
        continue;
      }
      this.#refuseDecoration(pair.key, keyRange[0], keyPlace);
      const key = typeof pair.key.value === "string" ? pair.key.value : pair.key.source ?? "";
      if (key === "<<") this.#add("a merge key, which is not supported", keyPlace, "write the keys out");
      const first = seen.get(key);
      if (first) this.#add(`duplicate key ${quote(key)}`, keyPlace, `first on line ${first.line}`);
      seen.set(key, keyPlace);
      const value: Node = pair.value === null || pair.value === undefined
        ? { kind: "scalar", value: null, source: "", plain: true, place: keyPlace, range: keyRange }
        : this.#node(pair.value, depth + 1);
      entries.push({ key, keyPlace, value });
    }
    return entries;
  }

  #refuseDecoration(node: { anchor?: string; tag?: string }, start: number, place: Place): void {
    if (node.anchor) {
      const anchor = this.#before("&", start, place);
      this.#add(`anchor "&${node.anchor}", which is not supported`, anchor, "write the value out");
    }
    if (!node.tag) return;
    const tag = this.#before("!", start, place);
    this.#add("a tag, which is not supported", tag, "put text that begins with ! into quotes");
  }

  /** Returns the place of the sign before a node, including the text that belongs to it. */
  #before(sign: string, start: number, place: Place): Place {
    const at = this.lines.text.lastIndexOf(sign, start);
    return at < 0 ? place : this.lines.place(at, Math.max(start, at + 1));
  }
}

function rangeOf(node: unknown): readonly [number, number] {
  if (typeof node !== "object" || node === null || !("range" in node)) return [0, 1];
  const { range } = node;
  if (!Array.isArray(range)) return [0, 1];
  const [start, end]: unknown[] = range;
  return typeof start === "number" && typeof end === "number" ? [start, end] : [0, 1];
}
