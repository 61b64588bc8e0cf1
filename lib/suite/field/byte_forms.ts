import { suggest } from "../../ground/nearest.ts";
import { BYTE_FORMS, MOST_BYTES, parseHex } from "../../spec/bytes.ts";
import {
  type Definitions,
  type Form,
  type Json,
  type JsonSchema,
  type Report,
  value,
} from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { parseText, type Value } from "../../spec/value.ts";
import { checkInteger } from "./kind/integer.ts";

/** The schema of a text with a variable in it. */
export const VARIABLE: JsonSchema = { type: "string", pattern: "\\$" };

/** Whether the node is a single variable. */
export function isVariable(node: Node): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "string" || !node.value.startsWith("$")) return false;
  const { parts } = parseText(node.value);
  return parts.length === 1 && typeof parts[0] !== "string";
}

/** Text or bytes: a scalar, or one of the byte forms `{ hex }`, `{ repeat, times }` and `{ join }`. */
export function bytesForm(): Form<Value> {
  const any = value();
  return {
    read(node, report) {
      checkBytes(node, report);
      return any.read(node, report);
    },
    schema: bytesSchema,
  };
}

/** Reports a node that is neither text nor one of the byte forms. */
export function checkBytes(node: Node, report: Report): void {
  if (node.kind === "scalar") {
    if (node.value === null && node.plain) {
      report.add("expected text, found nothing", node.place, 'write "" for no bytes');
    }
    return;
  }
  if (node.kind === "list") {
    return report.add(
      "expected text or bytes, found a list",
      node.place,
      "write {join: [ … ]} to join pieces",
    );
  }
  const keys = node.entries.map(({ key }) => key);
  const form = BYTE_FORMS.find((form) => form.some((key) => keys.includes(key)));
  if (!form) {
    const [first] = node.entries;
    const hint = "write text, {hex: …}, {repeat: …, times: …} or {join: […]}";
    return report.add(
      `expected bytes, found ${first ? `key ${quote(first.key)}` : "an empty map"}`,
      node.place,
      hint,
    );
  }
  for (const { key, keyPlace, value } of node.entries) {
    if (!form.includes(key)) {
      report.add(`unknown key ${quote(key)} beside "${form[0]}"`, keyPlace, suggest(key, form));
    } else checkPart(key, value, report);
  }
  const missing = form.find((key) => !keys.includes(key));
  if (missing) report.add(`bytes without "${missing}"`, node.place, `add ${missing}:`);
}

function checkPart(key: string, node: Node, report: Report): void {
  switch (key) {
    case "hex":
      if (node.kind === "scalar" && (node.source.includes("$") || parseHex(node.source))) return;
      return report.add(
        `expected pairs of hex digits, found ${describeNode(node)}`,
        node.place,
        'such as "c0 00"',
      );
    case "times":
      return isVariable(node) ? undefined : checkInteger(MOST_BYTES, node, report);
    case "repeat":
      return checkBytes(node, report);
    default:
      if (node.kind !== "list") return report.add(`expected a list, found ${describeNode(node)}`, node.place);
      for (const item of node.items) checkBytes(item, report);
  }
}

/** The schema of text and bytes, under the name `bytes`. */
export function bytesSchema(definitions: Definitions): JsonSchema {
  const reference: JsonSchema = { $ref: "#/$defs/bytes" };
  if (definitions.has("bytes")) return reference;
  const only = (properties: { readonly [key: string]: Json }): JsonSchema => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  definitions.set("bytes", {
    anyOf: [
      { type: ["string", "number", "boolean"] },
      only({ hex: { type: ["string", "number"] } }),
      only({
        repeat: reference,
        times: { anyOf: [{ type: "integer", minimum: 0, maximum: MOST_BYTES }, VARIABLE] },
      }),
      only({ join: { type: "array", items: reference } }),
    ],
  });
  return reference;
}
