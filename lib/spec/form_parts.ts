import { defined } from "../ground/defined.ts";
import { type Definitions, type Form, type Json, type JsonSchema, Report } from "./form.ts";
import { describeNode, type Entry, type MapNode, type Node } from "./node.ts";
import type { Place } from "./place.ts";
import { quote } from "./problem.ts";
import { suggest } from "../ground/nearest.ts";

/** A list. Reports and omits items that cannot be read. */
export function list<T>(
  item: Form<T>,
  options: { least?: number; most?: number; what?: string } = {},
): Form<readonly T[]> {
  const { least = 0, most = 100_000, what = "a list" } = options;
  return {
    read(node, report) {
      if (node.kind !== "list") {
        report.add(`expected ${what}, found ${describeNode(node)}`, node.place);
        return undefined;
      }
      if (node.items.length < least && node.items.length === 0) {
        report.add("an empty list", node.place, `at least ${least}`);
      } else if (node.items.length < least) {
        report.add(`a list of ${node.items.length}`, node.place, `at least ${least}`);
      }
      if (node.items.length > most) {
        report.add(`a list of ${node.items.length}`, node.place, `at most ${most}`);
        return undefined;
      }
      const items: T[] = [];
      for (const each of node.items) {
        if (report.full) break;
        const found = item.read(each, report);
        if (found !== undefined) items.push(found);
      }
      return items;
    },
    schema: (definitions) => ({
      type: "array",
      items: item.schema(definitions),
      ...defined({ minItems: least > 0 ? least : undefined }),
    }),
  };
}

/** One key of a map with free keys, and its value. */
export interface Named<T> {
  readonly name: string;
  readonly place: Place;
  readonly value: T;
}

/** A map whose keys the file chooses. Each key must match `pattern`; `what` names the keys in messages. */
export function mapOf<T>(key: { what: string; pattern: RegExp }, item: Form<T>): Form<readonly Named<T>[]> {
  return {
    read(node, report) {
      if (node.kind !== "map") {
        report.add(`expected a map by ${key.what}, found ${describeNode(node)}`, node.place);
        return undefined;
      }
      return node.entries.flatMap((entry) => {
        if (report.full) return [];
        if (!key.pattern.test(entry.key)) {
          report.add(`expected ${key.what}, found ${quote(entry.key)}`, entry.keyPlace);
        }
        const found = item.read(entry.value, report);
        return found === undefined ? [] : [{ name: entry.key, place: entry.keyPlace, value: found }];
      });
    },
    schema: (definitions) => ({
      type: "object",
      patternProperties: { [key.pattern.source]: item.schema(definitions) },
      additionalProperties: false,
    }),
  };
}

/** Declares the keys of a map. A call reads the key, or describes it while a schema is generated. */
export interface Keys {
  /**
   * Reads a required key. Returns undefined if the key is missing or wrong, which is reported, and while a
   * schema is generated.
   */
  required<T>(name: string, form: Form<T>, about: string): T | undefined;
  /** Reads an optional key. */
  optional<T>(name: string, form: Form<T>, about: string): T | undefined;
  /** Whether the file contains the key. */
  has(name: string): boolean;
  /** The place of a key, or of the whole map if the key is missing. */
  place(name: string): Place | undefined;
}

/**
 * A map with known keys. `build` reads every key, always in the order of the schema, and returns the result;
 * any other key is reported as unknown. `example` shows how to write the map. `otherwise` says what to do
 * about an unknown key that resembles no known one; as a function, it suggests the right key for a common
 * wrong one.
 */
export function object<T>(
  what: string,
  build: (keys: Keys, report: Report) => T | undefined,
  example?: string,
  otherwise?: string | ((key: string) => string | undefined),
): Form<T> {
  return {
    read(node, report) {
      if (node.kind !== "map") {
        const wanted = example === undefined ? what : "a map";
        const hint = `write ${example ?? "key: value"}`;
        report.add(`expected ${wanted}, found ${describeNode(node)}`, node.place, hint);
        return undefined;
      }
      const keys = new ReadKeys(node, what, report, otherwise);
      const built = build(keys, report);
      keys.tellUnknown();
      return built;
    },
    schema(definitions) {
      const keys = new DescribeKeys(definitions);

      build(keys, new Report());
      return keys.schema();
    },
  };
}

class ReadKeys implements Keys {
  readonly #asked = new Set<string>();
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(
    readonly node: MapNode,
    readonly what: string,
    readonly report: Report,
    readonly otherwise: string | ((key: string) => string | undefined) | undefined,
  ) {
    this.#entries = new Map(node.entries.map((entry) => [entry.key, entry]));
  }

  required<T>(name: string, form: Form<T>): T | undefined {
    const found = this.optional(name, form);
    if (!this.has(name)) {
      const first = this.node.entries[0];
      this.report.add(
        `${this.what} without ${quote(name)}`,
        first?.keyPlace ?? this.node.place,
        `add ${name}:`,
      );
    }
    return found;
  }

  optional<T>(name: string, form: Form<T>): T | undefined {
    this.#asked.add(name);
    const entry = this.#entries.get(name);
    return entry ? form.read(entry.value, this.report) : undefined;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  place(name: string): Place {
    return this.#entries.get(name)?.value.place ?? this.node.place;
  }

  tellUnknown(): void {
    for (const { key, keyPlace } of this.node.entries) {
      if (this.#asked.has(key) || this.report.full) continue;
      const known = typeof this.otherwise === "function" ? this.otherwise(key) : undefined;
      const last = typeof this.otherwise === "string" ? this.otherwise : undefined;
      const hint = known ?? suggest(key, [...this.#asked].filter((name) => !this.has(name))) ??
        suggest(key, this.#asked) ?? last;
      this.report.add(`unknown key ${quote(key)} in ${this.what}`, keyPlace, hint);
    }
  }
}

class DescribeKeys implements Keys {
  readonly #properties: [string, JsonSchema][] = [];
  readonly #required: string[] = [];

  constructor(readonly definitions: Definitions) {}

  required<T>(name: string, form: Form<T>, about: string): undefined {
    this.#required.push(name);
    this.optional(name, form, about);
  }

  optional<T>(name: string, form: Form<T>, about: string): undefined {
    this.#properties.push([name, { ...form.schema(this.definitions), description: about }]);
  }

  has(): boolean {
    return false;
  }

  place(): undefined {
    return undefined;
  }

  schema(): JsonSchema {
    const properties: { [key: string]: Json } = Object.fromEntries(this.#properties);
    return {
      type: "object",
      properties,
      ...defined({ required: this.#required.length > 0 ? this.#required : undefined }),
      additionalProperties: false,
    };
  }
}

/** Converts what another form reads. */
export function mapForm<T, U>(form: Form<T>, make: (value: T) => U): Form<U> {
  return {
    read(node, report) {
      const value = form.read(node, report);
      return value === undefined ? undefined : make(value);
    },
    schema: (definitions) => form.schema(definitions),
  };
}

/** The items of a list node, or any other node as the only item. */
export function itemsOf(node: Node): readonly Node[] {
  return node.kind === "list" ? node.items : [node];
}
