import { INVERT, LENGTH } from "../../spec/bytes.ts";
import type { Definitions, JsonSchema, Report } from "../../spec/form.ts";
import { itemsOf } from "../../spec/form_parts.ts";
import { entryOf, type Node } from "../../spec/node.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { bytesSchema, checkBytes } from "../field/byte_forms.ts";
import { checkField } from "../field/field.ts";
import type { Mode } from "../field/kind.ts";
import { text } from "../field/kind/text.ts";
import { MATCHERS } from "../field/matching_form.ts";
import { isEmpty } from "./packet.ts";

/** The keys that force how a parameter is written. */
const WRITTEN = ["bare", "quoted"];
/** What a command can have in place of a text: these, the length of one in bytes, and a flag the other way round. */
const SENT = [...WRITTEN, LENGTH, INVERT];

/** Reads the parameters of a command or a result: a list, or a single one. */
export function readParameters(node: Node, mode: Mode, report: Report): readonly Value[] {
  const items = isEmpty(node) ? [] : itemsOf(node);
  for (const item of items) checkParameter(item, mode, report);
  if (mode === "expect") checkOptional(items, report);
  return items.map((item) => toValue(item, (problem) => report.problems.push(problem)));
}

function checkParameter(node: Node, mode: Mode, report: Report): void {
  if (report.full) return;
  if (node.kind === "scalar") {
    if (isEmpty(node)) {
      report.add("expected a parameter, found nothing", node.place, 'write omit, or "" for an empty text');
    }
    return;
  }
  if (node.kind === "list") {
    if (mode === "send") return report.add("expected one parameter, found a list", node.place);
    for (const item of node.items) checkParameter(item, mode, report);
    if (node.items.length === 0) {
      report.add("expected a list of values, found an empty list", node.place, "name at least one");
    }
    return;
  }
  const [entry] = node.entries;
  if (entry && node.entries.length === 1) {
    if ((mode === "send" ? SENT : WRITTEN).includes(entry.key)) return checkBytes(entry.value, report);
    // A parameter is a number or text: whatever compares either will do.
    const matcher = mode === "expect" ? MATCHERS.get(entry.key) : undefined;
    if (matcher) return matcher.check(entry.value, report, (inner) => checkParameter(inner, mode, report));
  }
  checkField(text, node, mode, report);
}

/** Reports a required parameter after an optional one. */
function checkOptional(items: readonly Node[], report: Report): void {
  const isOptional = (node: Node) => node.kind === "map" && entryOf(node, "optional") !== undefined;
  const first = items.findIndex(isOptional);
  if (first < 0) return;
  for (const item of items.slice(first)) {
    if (isOptional(item)) continue;
    report.add("a required parameter after an optional one", item.place, "write { optional: … } here too");
  }
}

/** Returns the schema of the parameters of a command or a result. */
export function parametersSchema(mode: Mode, definitions: Definitions): JsonSchema {
  const name = `${mode}-parameter`;
  const one: JsonSchema = { $ref: `#/$defs/${name}` };
  if (!definitions.has(name)) {
    const bytes = bytesSchema(definitions);
    const written = (mode === "send" ? SENT : WRITTEN).map((key): JsonSchema => ({
      type: "object",
      properties: { [key]: bytes },
      required: [key],
      additionalProperties: false,
    }));
    const matched = [...MATCHERS.values()].map(({ name, schema, about }): JsonSchema => ({
      type: "object",
      description: about,
      properties: { [name]: schema },
      required: [name],
      additionalProperties: false,
    }));
    const more = mode === "expect" ? [{ type: "array", items: one, minItems: 1 }, ...matched] : [];
    definitions.set(name, { anyOf: [bytes, ...written, ...more] });
  }
  const about = "the parameters: texts are quoted, numbers bare";
  return { description: about, anyOf: [one, { type: "array", items: one }, { type: "null" }] };
}
