import { suggest } from "../../ground/nearest.ts";
import { PACKET_TYPES, type PacketType } from "../../mqtt/packet.ts";
import type { Definitions, Json, JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { toValue } from "../../spec/value.ts";
import { bytesForm } from "../field/byte_forms.ts";
import { checkField, checkFields, fieldReference, fieldsSchema } from "../field/field.ts";
import { CUT_FIELDS, fieldsOf, FRAME_FIELDS, WIRE_FIELDS } from "../field/fields.ts";
import type { Fields } from "../field/kind.ts";
import {
  counting,
  isRepeated,
  readRepeated,
  type Repeated,
  repeated,
  repeatedSchema,
} from "../field/repeated_items.ts";
import { LANE_PATTERN, type PartyKind } from "./lane.ts";
import { packetType, readPacket } from "./packet.ts";
import type { PacketSent, Sent } from "./sent.ts";

/** What may follow `->` on an MQTT lane, besides a packet. */
const OTHERS: readonly string[] = ["packets", "raw", "frame"];

/** Reads what follows `lane ->` on an MQTT lane. */
export function readMqttSent(
  kind: PartyKind,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Sent | undefined {
  if (OTHERS.includes(what)) {
    if (node) return readOther(kind, what, place, node, report);
    report.add(`"${what}" without its value`, place, `write ${what}: …`);
    return undefined;
  }
  if (/^at[+&a-z]?/i.test(what) && what !== "AUTH") {
    report.add(`AT command ${quote(what)} on an MQTT lane`, place, "only the lane dte sends AT commands");
    return undefined;
  }
  const type = packetType(what, place, report, OTHERS);
  return type ? readPacketSent(type, node, report) : undefined;
}

function readOther(
  kind: PartyKind,
  what: string,
  place: Place,
  node: Node,
  report: Report,
): Sent | undefined {
  if (what === "packets") return readPackets(node, report);
  if (what === "raw") {
    const bytes = bytesForm().read(node, report);
    return bytes && { kind: "raw", bytes };
  }
  if (kind === "client") return readFrame(node, report);
  report.add("a WebSocket frame on a lane of a module suite", place, "it is only for broker suites");
  return undefined;
}

/** Reads one packet to send. */
function readPacketSent(
  type: PacketType,
  node: Node | undefined,
  report: Report,
): PacketSent {
  return { kind: "packet", type, ...readPacket(type, node, "send", report) };
}

/**
 * Reads `packets: [ {PUBLISH: {…}}, … ]`, `packets: { list: [ … ], frames: [ … ] }`, or
 * `packets: { each: {PUBLISH: {…}}, times: 100, as: i }`.
 */
function readPackets(whole: Node, report: Report): Sent | undefined {
  if (isRepeated(whole)) {
    const items = readRepeated(whole, report);
    const packet = items && readOnePacket(items.each, report);
    return packet && { kind: "packets", packets: repeatedPackets(packet, items), wire: [] };
  }
  const wire = whole.kind === "map" ? readCut(whole, report) : [];
  const node = (whole.kind === "map" && entryOf(whole, "list")?.value) || whole;
  if (node.kind !== "list" || node.items.length === 0) {
    report.add(
      `expected a list of packets, found ${describeNode(node)}`,
      node.place,
      "write packets: [ { PINGREQ: {} } ]",
    );
    return undefined;
  }
  return { kind: "packets", packets: node.items.flatMap((item) => readOnePacket(item, report) ?? []), wire };
}

function readOnePacket(item: Node, report: Report): PacketSent | undefined {
  const [entry] = item.kind === "map" ? item.entries : [];
  const name = item.kind === "scalar" ? item.source : entry?.key;
  if (name === undefined || (item.kind === "map" && item.entries.length > 1)) {
    report.add(
      `expected one packet, found ${describeNode(item)}`,
      item.place,
      "write { PUBLISH: { topic: … } }",
    );
    return undefined;
  }
  const type = packetType(name, entry?.keyPlace ?? item.place, report, []);
  return type ? readPacketSent(type, entry?.value, report) : undefined;
}

function repeatedPackets(
  packet: PacketSent,
  items: Repeated,
): readonly PacketSent[] {
  const put = (fields: Fields, count: number): Fields =>
    fields.map(([name, value]) => [name, counting(value, items.as, count)] as const);
  return repeated(items, (count) => ({
    ...packet,
    fields: put(packet.fields, count),
    wire: put(packet.wire, count),
  }));
}

/** Reads how several packets together are split into writes. */
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
function readFrame(node: Node, report: Report): Sent | undefined {
  if (node.kind !== "map") {
    report.add(
      `expected a WebSocket frame, found ${describeNode(node)}`,
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

/** Returns the schemas of the sending lines on an MQTT lane. */
export function mqttSentSchema(definitions: Definitions): { readonly [pattern: string]: Json } {
  const schemas: { [pattern: string]: Json } = {};
  for (const type of PACKET_TYPES) {
    const name = `send-${type}`;
    const fields = new Map([...fieldsOf(type), ...WIRE_FIELDS]);
    definitions.set(name, fieldsSchema(fields, "send", `${type}, sent`, definitions));
    schemas[`^${LANE_PATTERN} +-> +${type}$`] = { anyOf: [{ $ref: `#/$defs/${name}` }, { type: "null" }] };
  }
  const frame = fieldsSchema(FRAME_FIELDS, "send", "a WebSocket frame", definitions);
  schemas[`^${LANE_PATTERN} +-> +frame$`] = frame;
  schemas[`^${LANE_PATTERN} +-> +packets$`] = packetsSchema(definitions);
  schemas[`^${LANE_PATTERN} +-> +raw$`] = {
    ...bytesForm().schema(definitions),
    description: "bytes unchanged",
  };
  return schemas;
}

function packetsSchema(definitions: Definitions): JsonSchema {
  const cuts = CUT_FIELDS.flatMap((name) => {
    const field = WIRE_FIELDS.get(name);
    return field ? [[name, fieldReference(field.kind, "send", definitions)] as const] : [];
  });
  return {
    description: "several packets in one segment",
    anyOf: [
      { type: "array", minItems: 1 },
      repeatedSchema({ type: ["object", "string"] }),
      {
        type: "object",
        properties: { list: { type: "array", minItems: 1 }, ...Object.fromEntries(cuts) },
        required: ["list"],
        additionalProperties: false,
      },
    ],
  };
}
