import { PACKET_TYPES } from "../../mqtt/packet.ts";
import type { Definitions, Json, JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { toValue } from "../../spec/value.ts";
import { checkFields, fieldsSchema } from "../field/field.ts";
import { fieldsOf, FROM_BROKER, FROM_CLIENT, UPGRADE_FIELDS } from "../field/fields.ts";
import { LANE_PATTERN, type PartyKind } from "./lane.ts";
import type { Outcome } from "./outcome.ts";
import { isEmpty, packetType, readPacket } from "./packet.ts";
import type { Written } from "./verb.ts";

/** How to write what may come on an MQTT lane, for the reference page. */
export const MQTT_OUTCOME_FORMS: readonly Written[] = [
  ["L <- PUBLISH: { topic: $topic, as: got, within: 3s }", "a packet whose named fields match"],
  ["L <- closed", "the end of the connection, by FIN or RST"],
  ["broker <- opened", "a connection from the module"],
  [
    "L <- upgraded: { status: 101, subprotocol: mqtt }",
    "the response to a client that requested a WebSocket; if the connection was closed instead, " +
    "`closed` matches",
  ],
  ["L <- one of: [DISCONNECT: { reason: 0x81 }, closed]", "any one of these"],
  ["L <- one of: { outcomes: […], within: 2s, as: x }", "the same, with a time and a name"],
  ["L <- nothing", "no further packet, see [below](#nothing)"],
];

/** Reads one outcome on an MQTT lane. `extra` are keys that the step reads itself. */
export function readMqttOutcome(
  kind: PartyKind,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  if (what === "closed" || what === "opened") {
    if (node && !isEmpty(node)) report.add(`unexpected ${describeNode(node)} after "${what}"`, node.place);
    if (what === "opened" && kind !== "broker") {
      report.add('"opened" on a client lane', place, "only the lane broker accepts connections");
      return undefined;
    }
    return { kind: what, place };
  }
  if (what === "upgraded") return readUpgraded(kind, place, node, report, extra);
  const type = packetType(what, place, report, [
    "closed",
    "nothing",
    "one of",
    kind === "broker" ? "opened" : "upgraded",
  ]);
  if (!type) return undefined;
  const possible = kind === "broker" ? FROM_CLIENT : FROM_BROKER;
  if (!possible.includes(type)) {
    const sender = kind === "broker" ? "client" : "broker";
    report.add(`${type}, which a ${sender} never sends`, place, `did you mean -> ${type}?`);
  }
  const { fields } = readPacket(type, node, "expect", report, extra);
  return { kind: "packet", type, fields, place };
}

function readUpgraded(
  kind: PartyKind,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  if (kind !== "client") {
    report.add('"upgraded" on a lane of a module suite', place, "only a client requests a WebSocket");
    return undefined;
  }
  if (!node || isEmpty(node)) return { kind: "upgraded", fields: [], place };
  if (node.kind !== "map") {
    report.add(
      `unexpected ${describeNode(node)} after "upgraded"`,
      node.place,
      "write upgraded: { status: 101 }",
    );
    return undefined;
  }
  const entries = node.entries.filter(({ key }) => !extra.includes(key));
  checkFields(UPGRADE_FIELDS, { ...node, entries }, "upgraded", "expect", report);
  return {
    kind: "upgraded",
    fields: entries.map(({ key, value }) =>
      [key, toValue(value, (problem) => report.problems.push(problem))] as const
    ),
    place,
  };
}

/** Returns the schemas of the expecting lines on an MQTT lane; `timed` has the keys of the step itself. */
export function mqttOutcomeSchema(
  definitions: Definitions,
  timed: { readonly [key: string]: Json },
): { readonly [pattern: string]: Json } {
  const schemas: { [pattern: string]: Json } = {};
  for (const type of PACKET_TYPES) {
    const name = `expect-${type}`;
    definitions.set(name, fieldsSchema(fieldsOf(type), "expect", `${type}, expected`, definitions, timed));
    schemas[`^${LANE_PATTERN} +<- +${type}$`] = { anyOf: [{ $ref: `#/$defs/${name}` }, { type: "null" }] };
  }
  const only: JsonSchema = { type: "object", properties: timed, additionalProperties: false };
  const answer = fieldsSchema(
    UPGRADE_FIELDS,
    "expect",
    "the response to an upgrade request",
    definitions,
    timed,
  );
  schemas["^(?!dte )[a-z$][a-z0-9]* +<- +(closed|opened)$"] = { anyOf: [only, { type: "null" }] };
  schemas[`^${LANE_PATTERN} +<- +upgraded$`] = { anyOf: [answer, { type: "null" }] };
  return schemas;
}
