import { PACKET_TYPES, type PacketType } from "../../mqtt/packet.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, type Entry, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { toValue, type Value, wordOf } from "../../spec/value.ts";
import {
  type Counted,
  counting,
  fieldValue,
  isCounted,
  readCounted,
  repeated,
} from "../field/repeated_items.ts";
import { checkField, checkFields, type Mode } from "../field/field_check.ts";
import { CUT_FIELDS, fieldsOf, type FieldTable, FRAME_FIELDS, WIRE_FIELDS } from "../field/fields.ts";
import type { Fields, Send } from "../file/model.ts";

/** A packet as a step names it. */
export interface ReadPacket {
  readonly fields: Fields;
  readonly wire: Fields;
}

/** The packet type of this name, or undefined once it is told. `others` are words that may stand there too. */
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
 * Reads the fields of a packet, and writes short forms out. `extra` are keys that the step reads itself. Without
 * `node` there are no fields.
 */
export function readPacket(
  type: PacketType,
  node: Node | undefined,
  mode: Mode,
  report: Report,
  extra: readonly string[] = [],
): ReadPacket {
  if (node === undefined || isNothing(node)) return { fields: [], wire: [] };
  if (node.kind !== "map") {
    report.add(
      `${describeNode(node)} where the fields of ${type} are due`,
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

/** Reads one packet to send. */
export function readSend(
  type: PacketType,
  node: Node | undefined,
  report: Report,
): Extract<Send, { kind: "packet" }> {
  return { kind: "packet", type, ...readPacket(type, node, "send", report) };
}

/**
 * Reads `packets: [ {PUBLISH: {…}}, … ]`, `packets: { list: [ … ], frames: [ … ] }`, or
 * `packets: { each: {PUBLISH: {…}}, times: 100, as: i }`.
 */
export function readPackets(whole: Node, report: Report): Send | undefined {
  const asCounted = isCounted(whole) ? whole : undefined;
  if (asCounted) {
    const counted = readCounted(asCounted, report);
    const packet = counted && readOnePacket(counted.each, report);
    return packet && { kind: "packets", packets: repeatedPackets(packet, counted), wire: [] };
  }
  const wire = whole.kind === "map" ? readCut(whole, report) : [];
  const node = (whole.kind === "map" && entryOf(whole, "list")?.value) || whole;
  if (node.kind !== "list" || node.items.length === 0) {
    report.add(
      `${describeNode(node)} where a list of packets is due`,
      node.place,
      "write packets: [ { PINGREQ: {} } ]",
    );
    return undefined;
  }
  return { kind: "packets", packets: node.items.flatMap((item) => readOnePacket(item, report) ?? []), wire };
}

function readOnePacket(item: Node, report: Report): Extract<Send, { kind: "packet" }> | undefined {
  const [entry] = item.kind === "map" ? item.entries : [];
  const name = item.kind === "scalar" ? item.source : entry?.key;
  if (name === undefined || (item.kind === "map" && item.entries.length > 1)) {
    report.add(
      `${describeNode(item)} where one packet is due`,
      item.place,
      "write { PUBLISH: { topic: … } }",
    );
    return undefined;
  }
  const type = packetType(name, entry?.keyPlace ?? item.place, report, []);
  return type ? readSend(type, entry?.value, report) : undefined;
}

function repeatedPackets(
  packet: Extract<Send, { kind: "packet" }>,
  counted: Counted,
): readonly Extract<Send, { kind: "packet" }>[] {
  const put = (fields: Fields, count: number): Fields =>
    fields.map(([name, value]) => [name, counting(value, counted.as, count)] as const);
  return repeated(counted, (count) => ({
    ...packet,
    fields: put(packet.fields, count),
    wire: put(packet.wire, count),
  }));
}

/** How several packets are cut together. */
function readCut(node: MapNode, report: Report): Fields {
  return node.entries.flatMap(({ key, keyPlace, value }): Fields => {
    if (key === "list") return [];
    const field = CUT_FIELDS.includes(key) ? WIRE_FIELDS.get(key) : undefined;
    if (!field) {
      report.add(`unknown key ${quote(key)} in packets`, keyPlace, suggest(key, ["list", ...CUT_FIELDS]));
      return [];
    }
    checkField(field.kind, value, "send", report);
    return [[key, toValue(value, (problem) => report.problems.push(problem))]];
  });
}

/** Reads `frame: { opcode: 1, payload: … }`. */
export function readFrame(node: Node, report: Report): Send | undefined {
  if (node.kind !== "map") {
    report.add(
      `${describeNode(node)} where a WebSocket frame is due`,
      node.place,
      "write frame: { opcode: 1, payload: text }",
    );
    return undefined;
  }
  checkFields(FRAME_FIELDS, node, "a frame", "send", report);
  return {
    kind: "frame",
    fields: node.entries.map(({ key, value }) =>
      [key, toValue(value, (problem) => report.problems.push(problem))] as const
    ),
  };
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

/** Puts short forms into the fields that they stand for. */
function writeOut(table: FieldTable, fields: Fields, node: MapNode): Fields {
  const written: (readonly [string, Value])[] = [];
  const subscription: (readonly [string, Value])[] = [];
  for (const [name, value] of fields) {
    const short = table.get(name)?.short;
    if (short === undefined) written.push([name, value]);
    else if (short === "subscriptions") subscription.push([name, value]);
    else if (table.get(short)?.kind.is !== "list" || isWholeWord(value)) written.push([short, value]);
    else written.push([short, { kind: "list", items: [value], place: value.place }]);
  }
  if (subscription.length > 0) {
    const item: Value = { kind: "map", entries: subscription, place: node.place };
    written.push(["subscriptions", { kind: "list", items: [item], place: node.place }]);
  }
  return written;
}

/** `omit` and `absent` mean the field itself, not its only item. */
function isWholeWord(value: Value): boolean {
  const word = wordOf(value);
  return word === "omit" || word === "absent";
}

/** Nothing behind the colon. */
export function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null && node.plain && node.source === "";
}
