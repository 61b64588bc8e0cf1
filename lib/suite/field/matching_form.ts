import type { Definitions, JsonSchema, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { bytesSchema } from "./byte_forms.ts";
import type { FieldKind } from "./kind.ts";
import type { Matcher } from "./matcher.ts";
import * as all from "./matchers.ts";

/** The matchers by key, in alphabetical order. */
export const MATCHERS: ReadonlyMap<string, Matcher> = new Map(
  Object.values<Matcher>(all).toSorted((a, b) => a.name < b.name ? -1 : 1).map((one) => [one.name, one]),
);

/** The matchers that a field allows. */
const OF_FIELDS: readonly Matcher[] = [...MATCHERS.values()].filter(({ only }) => only === undefined);

/**
 * Checks a comparison in place of a value of this kind: a list of choices for a single value, or a map with a
 * matcher's key. Returns whether the node is one and reports its mistakes; `each` checks a node as a value of
 * the field.
 */
export function checkMatcher(
  kind: FieldKind,
  node: Node,
  report: Report,
  each: (node: Node) => void,
): boolean {
  if (node.kind === "list" && kind.compares) {
    for (const item of node.items) each(item);
    if (node.items.length === 0) {
      report.add("expected a list of values, found an empty list", node.place, "name at least one");
    }
    return true;
  }
  if (node.kind !== "map") return false;
  const [entry] = node.entries;
  const matcher = OF_FIELDS.find(({ name }) => name === entry?.key);
  if (!entry || !matcher) return false;
  if (node.entries.length > 1) {
    report.add(`${quote(entry.key)} with other keys beside it`, node.place, "write one comparison per map");
  }
  if (kind.compares && matcher.compares && matcher.compares !== kind.compares) {
    const fit = OF_FIELDS.filter(({ compares }) => !compares || compares === kind.compares).map(({ name }) =>
      name
    );
    const what = matcher.compares === "number" ? "compares numbers" : "does not compare numbers";
    const hint = matcher.compares === "number"
      ? "write {size: {between: [least, most]}} for a length"
      : `one of: ${fit.join(", ")}`;
    report.add(`${quote(entry.key)} ${what}`, entry.keyPlace, hint);
  } else matcher.check(entry.value, report, each);
  return true;
}

/** The schema of a comparison, under the name `matcher`. */
export function matcherSchema(definitions: Definitions): JsonSchema {
  bytesSchema(definitions);
  const maps = OF_FIELDS.map(({ name, schema, about }): JsonSchema => ({
    type: "object",
    description: about,
    properties: { [name]: schema },
    required: [name],
    additionalProperties: false,
  }));
  definitions.set("matcher", { anyOf: [{ type: "array", minItems: 1 }, ...maps] });
  return { $ref: "#/$defs/matcher" };
}
