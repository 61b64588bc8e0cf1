import { BYTE_FORMS, MOST_BYTES, parseHex } from "../../spec/bytes.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { parseText } from "../../spec/value.ts";
import { isCounted, readCounted } from "./repeated_items.ts";
import type { FieldKind, FieldTable } from "./fields.ts";

/** Whether a value is to be sent, or to be compared with what came. */
export type Mode = "send" | "expect";

/** The maps that stand for a comparison instead of a value. */
export const MATCHERS = ["not", "between", "contains", "prefix", "size", "oneOf"] as const;
const INTEGER_MATCHERS: readonly string[] = ["not", "between", "oneOf"];

/** Tells what cannot stand in a field of this kind. Variables pass: what they are is known when the case runs. */
export function checkField(kind: FieldKind, node: Node, mode: Mode, report: Report): void {
  if (report.full) return;
  if (isVariable(node) || isWord(node, mode === "send" ? ["omit"] : ["any", "absent"])) return;
  if (mode === "expect" && checkMatcher(kind, node, report)) return;
  switch (kind.is) {
    case "integer":
      return checkInteger(kind.most, node, report);
    case "boolean":
      if (node.kind === "scalar" && typeof node.value === "boolean") return;
      return report.add(`${describeNode(node)} where true or false is due`, node.place);
    case "length":
      if (node.kind === "map" && entryOf(node, "hex")) return checkBytes(node, report);
      return checkInteger(0xffff_ffff, node, report);
    case "text":
    case "bytes":
      return checkBytes(node, report);
    case "pair":
      return checkPairs(node, mode, report);
    case "list":
      if (isCounted(node)) {
        const counted = readCounted(node, report);
        if (counted) checkField(kind.of, counted.each, mode, report);
        return;
      }
      if (node.kind !== "list") return report.add(`${describeNode(node)} where a list is due`, node.place);
      for (const item of node.items) checkField(kind.of, item, mode, report);
      return;
    case "record":
      if (node.kind !== "map") {
        return report.add(`${describeNode(node)} where ${kind.what} is due`, node.place);
      }
      return checkFields(kind.fields, node, kind.what, mode, report);
    case "properties":
      return checkProperties(kind.fields, node, mode, report);
  }
}

/** Checks each key of a map against the table. */
export function checkFields(
  fields: FieldTable,
  node: MapNode,
  what: string,
  mode: Mode,
  report: Report,
): void {
  for (const { key, keyPlace, value } of node.entries) {
    const field = fields.get(key);
    if (field) checkField(field.kind, value, mode, report);
    else if (!report.full) {
      report.add(`unknown field ${quote(key)} in ${what}`, keyPlace, suggest(key, fields.keys()));
    }
  }
}

/** Whether the node is one variable and nothing else. */
export function isVariable(node: Node): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "string" || !node.value.startsWith("$")) return false;
  const { parts } = parseText(node.value);
  return parts.length === 1 && typeof parts[0] !== "string";
}

function isWord(node: Node, words: readonly string[]): boolean {
  return node.kind === "scalar" && node.plain && typeof node.value === "string" && words.includes(node.value);
}

function checkInteger(most: number, node: Node, report: Report): void {
  if (node.kind !== "scalar" || typeof node.value !== "number" || !Number.isInteger(node.value)) {
    return report.add(`${describeNode(node)} where a whole number is due`, node.place);
  }
  if (node.value < 0 || node.value > most) {
    report.add(`${node.source} does not fit`, node.place, `0 to ${most}`);
  }
}

/** Text and bytes: a scalar, or one of the byte forms. */
export function checkBytes(node: Node, report: Report): void {
  if (node.kind === "scalar") {
    if (node.value === null && node.plain) {
      report.add("nothing where text is due", node.place, 'write "" for no bytes');
    }
    return;
  }
  if (node.kind === "list") {
    return report.add(
      "a list where text or bytes are due",
      node.place,
      "write {join: [ … ]} to put pieces together",
    );
  }
  const keys = node.entries.map(({ key }) => key);
  const form = BYTE_FORMS.find((form) => form.some((key) => keys.includes(key)));
  if (!form) {
    const [first] = node.entries;
    const hint = "write text, {hex: …}, {repeat: …, times: …} or {join: […]}";
    return report.add(
      `${first ? `key ${quote(first.key)}` : "an empty map"} where bytes are due`,
      node.place,
      hint,
    );
  }
  for (const { key, keyPlace, value } of node.entries) {
    if (!form.includes(key)) {
      report.add(`unknown key ${quote(key)} beside "${form[0]}"`, keyPlace, suggest(key, form));
    } else if (key === "hex") checkHex(value, report);
    else if (key === "times") isVariable(value) || checkInteger(MOST_BYTES, value, report);
    else if (key === "repeat") checkBytes(value, report);
    else if (value.kind === "list") { for (const item of value.items) checkBytes(item, report); }
    else report.add(`${describeNode(value)} where a list is due`, value.place);
  }
  const missing = form.find((key) => !keys.includes(key));
  if (missing) report.add(`bytes without "${missing}"`, node.place, `add ${missing}:`);
}

function checkHex(node: Node, report: Report): void {
  if (node.kind === "scalar" && (node.source.includes("$") || parseHex(node.source))) return;
  report.add(`${describeNode(node)} where hex digits in pairs are due`, node.place, 'such as "c0 00"');
}

function checkPairs(node: Node, mode: Mode, report: Report): void {
  if (node.kind === "list" && node.items.every((item) => item.kind === "list") && node.items.length > 0) {
    for (const item of node.items) checkPairs(item, mode, report);
    return;
  }
  if (node.kind === "list" && node.items.length === 2) {
    for (const item of node.items) checkField({ is: "text" }, item, mode, report);
    return;
  }
  report.add(
    `${describeNode(node)} where a pair is due`,
    node.place,
    "write [name, value], or a list of pairs",
  );
}

function checkProperties(fields: FieldTable, node: Node, mode: Mode, report: Report): void {
  if (node.kind === "list") {
    for (const item of node.items) {
      if (item.kind === "map" && item.entries.length === 1) checkProperties(fields, item, mode, report);
      else report.add(`${describeNode(item)} where one property is due`, item.place, "write { name: value }");
    }
    return;
  }
  if (node.kind !== "map") {
    return report.add(`${describeNode(node)} where properties are due`, node.place, "write { name: value }");
  }
  for (const { key, keyPlace, value } of node.entries) {
    if (report.full) return;
    const field = fields.get(key);
    if (!field) {
      report.add(`unknown property ${quote(key)}`, keyPlace, suggest(key, fields.keys()));
    } else if (mode === "send" && value.kind === "list" && field.kind.is !== "pair") {
      for (const item of value.items) checkField(field.kind, item, mode, report);
    } else {
      checkField(field.kind, value, mode, report);
    }
  }
}

/** Whether the node is a comparison, which it then checks. */
function checkMatcher(kind: FieldKind, node: Node, report: Report): boolean {
  const single = kind.is === "integer" || kind.is === "boolean" || kind.is === "text" || kind.is === "bytes";
  if (node.kind === "list" && single) {
    for (const item of node.items) checkField(kind, item, "expect", report);
    if (node.items.length === 0) report.add("a list of no values", node.place, "name at least one");
    return true;
  }
  const [entry] = node.kind === "map" ? node.entries : [];
  if (!entry || node.kind !== "map" || !isMatcher(entry.key)) return false;
  if (node.entries.length > 1) {
    report.add(`${quote(entry.key)} with other keys beside it`, node.place, "one comparison in a map");
  }
  const numeric = kind.is === "integer" || kind.is === "boolean";
  if (numeric && !INTEGER_MATCHERS.includes(entry.key)) {
    report.add(
      `${quote(entry.key)} does not compare numbers`,
      entry.keyPlace,
      `one of: ${INTEGER_MATCHERS.join(", ")}`,
    );
  } else if ((kind.is === "text" || kind.is === "bytes") && entry.key === "between") {
    report.add(
      '"between" compares numbers',
      entry.keyPlace,
      "write {size: {between: [least, most]}} for a length",
    );
  } else {
    checkMatcherValue(kind, entry.key, entry.value, report);
  }
  return true;
}

function isMatcher(key: string): key is typeof MATCHERS[number] {
  return MATCHERS.some((name) => name === key);
}

function checkMatcherValue(kind: FieldKind, key: typeof MATCHERS[number], node: Node, report: Report): void {
  switch (key) {
    case "not":
      return checkField(kind, node, "expect", report);
    case "oneOf":
      if (node.kind !== "list") return report.add(`${describeNode(node)} where a list is due`, node.place);
      for (const item of node.items) checkField(kind, item, "expect", report);
      return;
    case "contains":
    case "prefix":
      return checkBytes(node, report);
    case "between":
      return checkBetween(node, report);
    case "size":
      if (node.kind === "map") {
        const between = entryOf(node, "between");
        if (between && node.entries.length === 1) return checkBetween(between.value, report);
      }
      if (!isVariable(node)) checkInteger(0xffff_ffff, node, report);
  }
}

function checkBetween(node: Node, report: Report): void {
  if (isVariable(node)) return;
  if (node.kind !== "list" || node.items.length !== 2) {
    return report.add(
      `${describeNode(node)} where two bounds are due`,
      node.place,
      "write between: [least, most]",
    );
  }
  for (const item of node.items) {
    if (isVariable(item)) continue;
    if (item.kind !== "scalar" || typeof item.value !== "number") {
      report.add(`${describeNode(item)} where a number is due`, item.place);
    }
  }
  const [least, most] = node.items;
  if (least?.kind !== "scalar" || most?.kind !== "scalar") return;
  if (typeof least.value === "number" && typeof most.value === "number" && least.value > most.value) {
    report.add(
      `between ${least.source} and ${most.source} there is nothing`,
      node.place,
      "the smaller one first",
    );
  }
}
