import { suggest } from "../../ground/nearest.ts";
import { PACKET_TYPES, type PacketType } from "../../mqtt/packet.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, type Entry, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { type Value, wordOf } from "../../spec/value.ts";
import { checkField } from "../field/field.ts";
import { fieldsOf, WIRE_FIELDS } from "../field/fields.ts";
import type { Fields, FieldTable, Mode } from "../field/kind.ts";
import { fieldValue } from "../field/repeated_items.ts";

/** A packet as named in a step. */
export interface ReadPacket {
  readonly fields: Fields;
  readonly wire: Fields;
}

/**
 * Returns the packet type with this name, or reports that there is none. `others` are keywords that are also
 * allowed there.
 */
export function packetType(
  name: string,
  place: Place,
  report: Report,
  others: readonly string[],
): PacketType | undefined {
  const type = PACKET_TYPES.find((candidate) => candidate === name);
  if (type === undefined) {
    report.add(`unknown packet ${quote(name)}`, place, suggest(name, [...PACKET_TYPES, ...others]));
  }
  return type;
}

/**
 * Reads the fields of a packet and expands short forms. `extra` are keys that the step reads itself. Without
 * `node` there are no fields.
 */
export function readPacket(
  type: PacketType,
  node: Node | undefined,
  mode: Mode,
  report: Report,
  extra: readonly string[] = [],
): ReadPacket {
  if (node === undefined || isEmpty(node)) return { fields: [], wire: [] };
  if (node.kind !== "map") {
    report.add(
      `expected the fields of ${type}, found ${describeNode(node)}`,
      node.place,
      `write ${type}: { field: value }`,
    );
    return { fields: [], wire: [] };
  }
  const table = fieldsOf(type);
  const entries = node.entries.filter(({ key }) => !extra.includes(key));
  checkEntries(type, table, entries, mode, report, extra);
  const value = (entry: Entry): readonly [string, Value] => [
    entry.key,
    fieldValue(entry.value, report),
  ];
  const wire = mode === "send"
    ? entries.filter(({ key }) => !table.has(key) && WIRE_FIELDS.has(key)).map(value)
    : [];
  const fields = entries.filter(({ key }) => table.has(key)).map(value);
  return { fields: writeOut(table, fields, node), wire };
}

function checkEntries(
  type: PacketType,
  table: FieldTable,
  entries: readonly Entry[],
  mode: Mode,
  report: Report,
  extra: readonly string[],
): void {
  for (const { key, keyPlace, value } of entries) {
    const field = table.get(key) ?? (mode === "send" ? WIRE_FIELDS.get(key) : undefined);
    if (field) {
      checkField(field.kind, value, mode, report);
      continue;
    }
    if (WIRE_FIELDS.has(key)) {
      report.add(`${quote(key)} changes what is sent and cannot be expected`, keyPlace);
      continue;
    }
    if (report.full) return;
    const names = [...table.keys(), ...extra, ...(mode === "send" ? WIRE_FIELDS.keys() : [])];
    const hint = suggest(key, names) ??
      (table.size > 0 ? `${type} has: ${[...table.keys()].join(", ")}` : undefined);
    report.add(`unknown field ${quote(key)} in ${type}`, keyPlace, hint);
  }
  for (const { key, keyPlace } of entries) {
    const target = table.get(key)?.short;
    if (target !== undefined && entries.some((other) => other.key === target)) {
      report.add(
        `${quote(key)} and ${quote(target)} at once`,
        keyPlace,
        `${key} is the short form of ${target}`,
      );
    }
  }
}

/** Replaces short forms with the fields that they stand for. */
function writeOut(table: FieldTable, fields: Fields, node: MapNode): Fields {
  const written: (readonly [string, Value])[] = [];
  const subscription: (readonly [string, Value])[] = [];
  for (const [name, value] of fields) {
    const short = table.get(name)?.short;
    if (short === undefined) written.push([name, value]);
    else if (short === "subscriptions") subscription.push([name, value]);
    else if (!isListField(table, short) || isWholeWord(value)) written.push([short, value]);
    else written.push([short, { kind: "list", items: [value], place: value.place }]);
  }
  if (subscription.length > 0) {
    const item: Value = { kind: "map", entries: subscription, place: node.place };
    written.push(["subscriptions", { kind: "list", items: [item], place: node.place }]);
  }
  return written;
}

function isListField(table: FieldTable, name: string): boolean {
  return table.get(name)?.kind.name.startsWith("list-of-") ?? false;
}

/** Whether the value is `omit` or `absent`, which apply to the field itself and not to its only item. */
function isWholeWord(value: Value): boolean {
  const word = wordOf(value);
  return word === "omit" || word === "absent";
}

/** Whether nothing follows the colon. */
export function isEmpty(node: Node): boolean {
  return node.kind === "scalar" && node.value === null && node.plain && node.source === "";
}
