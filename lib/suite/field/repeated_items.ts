import { type JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, entryOf, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { substitute, toValue, type Value } from "../../spec/value.ts";
import { NAME } from "./name.ts";

/** The most items that a counted list may expand to. */
export const MOST_REPEATED = 2_000;

/** The most items that all counted lists of a file may expand to together. */
const MOST_OF_A_FILE = 200_000;
const made = new WeakMap<Report, number>();

const KEYS: readonly string[] = ["each", "times", "as"];

/** A list written as one item: `{ each: …, times: 500, as: i }`, in which `$i` counts from 1. */
export interface Repeated {
  readonly each: Node;
  readonly times: number;
  readonly as?: string | undefined;
}

/** Whether a node is intended as a counted list. */
export function isRepeated(node: Node): boolean {
  return node.kind === "map" && entryOf(node, "each") !== undefined;
}

/** Reads a counted list and reports its mistakes. */
export function readRepeated(node: Node, report: Report): Repeated | undefined {
  if (node.kind !== "map") return undefined;
  for (const { key, keyPlace } of node.entries) {
    if (!KEYS.includes(key)) {
      report.add(`unknown key ${quote(key)} beside "each"`, keyPlace, suggest(key, KEYS));
    }
  }
  const each = entryOf(node, "each")?.value;
  const times = entryOf(node, "times")?.value;
  const as = entryOf(node, "as")?.value;
  const count = times?.kind === "scalar" && typeof times.value === "number" ? times.value : NaN;
  if (!Number.isInteger(count) || count < 1 || count > MOST_REPEATED) {
    report.add(
      times ? `expected a number of items, found ${describeNode(times)}` : '"each" without "times"',
      times?.place ?? node.place,
      `write a number from 1 to ${MOST_REPEATED}`,
    );
    return undefined;
  }
  if (as && (as.kind !== "scalar" || !NAME.test(as.source))) {
    report.add(
      `expected a name, found ${describeNode(as)}`,
      as.place,
      "use letters, digits and _, no digit first, without $",
    );
    return undefined;
  }
  const sofar = (made.get(report) ?? 0) + count;
  made.set(report, sofar);
  if (sofar > MOST_OF_A_FILE) {
    report.add("too many items in the counted lists of one file", node.place, `at most ${MOST_OF_A_FILE}`);
    return undefined;
  }
  return each && { each, times: count, as: as?.source };
}

/** Returns the value of a field like {@link toValue}, with counted lists expanded. */
export function fieldValue(node: Node, report: Report): Value {
  const value = (given: Node) => toValue(given, (problem) => report.problems.push(problem));
  // Its mistakes were reported when the field was checked.
  const counted = isRepeated(node) && (made.get(report) ?? 0) <= MOST_OF_A_FILE
    ? readRepeated(node, new Report())
    : undefined;
  if (!counted) return value(node);
  const item = value(counted.each);
  return {
    kind: "list",
    items: repeated(counted, (count) => counting(item, counted.as, count)),
    place: node.place,
  };
}

/** Creates the item for each number. */
export function repeated<T>({ times }: Repeated, item: (count: number) => T): readonly T[] {
  return Array.from({ length: times }, (_, at) => item(at + 1));
}

/** Replaces the counter variable of a value with its count. */
export function counting(value: Value, as: string | undefined, count: number): Value {
  if (as === undefined) return value;
  return substitute(
    value,
    ([name, field]) =>
      name === as && field === undefined
        ? { kind: "literal", value: count, source: String(count), place: value.place }
        : undefined,
  );
}

/** The schema of a list written as one item with a count. */
export function repeatedSchema(each: JsonSchema): JsonSchema {
  return {
    type: "object",
    description: "the number of items; in each, the name under as counts from 1",
    properties: {
      each,
      times: { type: "integer", minimum: 1, maximum: MOST_REPEATED },
      as: { type: "string", pattern: NAME.source },
    },
    required: ["each", "times"],
    additionalProperties: false,
  };
}
