import { PACKET_TYPES } from "../../mqtt/packet.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { readDteOutcome } from "./at_step.ts";
import { checkFields } from "../field/field_check.ts";
import { FROM_BROKER, FROM_CLIENT, UPGRADE_FIELDS } from "../field/fields.ts";
import type { Outcome } from "../file/model.ts";
import { INDICATIONS } from "./operation.ts";
import { isNothing, packetType, readPacket } from "./packet_step.ts";
import type { Role } from "./lane.ts";
import { checkDuration, readName } from "./step_parts.ts";

/** What an expecting step says beside its lane. */
export interface Expectation {
  readonly outcomes: readonly Outcome[];
  readonly within?: Value;
  readonly as?: string;
}

const EXTRA = ["within", "as"];

/** Reads what stands behind `lane <-`. */
export function readExpectation(
  role: Role,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Expectation | undefined {
  if (what === "one of") return readOneOf(role, place, node, report);
  const wrapped = node?.kind === "map" ? unwrap(role, what, node) : undefined;
  const outcome = readOutcome(
    role,
    what,
    place,
    wrapped ? wrapped.inner : node,
    report,
    wrapped ? [] : EXTRA,
  );
  if (!outcome) return undefined;
  const extra = node?.kind === "map" ? readExtra(node, report) : {};
  if (wrapped && node?.kind === "map") tellUnknown(node, [...wrapped.keys, ...EXTRA], what, report);
  return { outcomes: [outcome], ...extra };
}

/**
 * What is no packet has its own value beside `within` and `as` under a key of its own: `args` of a result, `text` of a
 * line. Gives that value, or undefined when the map is itself the value.
 */
function unwrap(
  role: Role,
  what: string,
  node: MapNode,
): { inner: Node | undefined; keys: readonly string[] } | undefined {
  if (role !== "dte") {
    return what === "closed" || what === "opened" ? { inner: undefined, keys: [] } : undefined;
  }
  if (INDICATIONS.has(what)) return undefined;
  const key = what === "line" ? "text" : "args";
  const inner = entryOf(node, key);
  const mine = inner !== undefined || node.entries.some((entry) => EXTRA.includes(entry.key));
  if (what === "line" && !mine) return undefined;
  return { inner: inner?.value, keys: what === "OK" || what === "ERROR" || what === "prompt" ? [] : [key] };
}

function readExtra(node: MapNode, report: Report): { within?: Value; as?: string } {
  const within = entryOf(node, "within");
  const as = entryOf(node, "as");
  const name = as ? readName(as.value, report) : undefined;
  return {
    ...(within ? { within: checkDuration(within.value, report) } : {}),
    ...(name === undefined ? {} : { as: name }),
  };
}

function readOneOf(
  role: Role,
  place: Place,
  node: Node | undefined,
  report: Report,
): Expectation | undefined {
  const outcomes = node?.kind === "map" ? entryOf(node, "outcomes")?.value : node;
  if (outcomes?.kind !== "list" || outcomes.items.length === 0) {
    report.add(
      '"one of" without its outcomes',
      outcomes?.place ?? place,
      "write one of: [ … ], or one of: { outcomes: [ … ] }",
    );
    return undefined;
  }
  const read = outcomes.items.flatMap((item) => readOneOutcome(role, item, report) ?? []);
  if (node?.kind !== "map") return { outcomes: read };
  tellUnknown(node, ["outcomes", ...EXTRA], "one of", report);
  return { outcomes: read, ...readExtra(node, report) };
}

function readOneOutcome(role: Role, item: Node, report: Report): Outcome | undefined {
  if (item.kind === "scalar") return readOutcome(role, item.source, item.place, undefined, report, []);
  const [entry] = item.kind === "map" ? item.entries : [];
  if (!entry || (item.kind === "map" && item.entries.length > 1)) {
    report.add(
      `${describeNode(item)} where one outcome is due`,
      item.place,
      "write PACKET: { field: value }, or closed",
    );
    return undefined;
  }
  if (entry.value.kind === "map") {
    for (const { key, keyPlace } of entry.value.entries) {
      if (!EXTRA.includes(key)) continue;
      report.add(
        `${quote(key)} inside one outcome`,
        keyPlace,
        `write one of: { outcomes: [ … ], ${key}: … }`,
      );
      return undefined;
    }
  }
  const args = role === "dte" && entry.value.kind === "map" ? entryOf(entry.value, "args") : undefined;
  return readOutcome(role, entry.key, entry.keyPlace, args?.value ?? entry.value, report, []);
}

function readOutcome(
  role: Role,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  if (what === "nothing") {
    report.add('"nothing" as one of several outcomes', place, "write it as a step of its own");
    return undefined;
  }
  if (role === "dte") {
    if (PACKET_TYPES.some((type) => type === what)) {
      report.add(`packet ${what} on the serial side`, place, "MQTT packets come on the lane broker");
      return undefined;
    }
    return readDteOutcome(what, place, node, report, extra);
  }
  if (what === "closed" || what === "opened") {
    if (node && !isNothing(node)) report.add(`${describeNode(node)} behind "${what}"`, node.place);
    if (what === "opened" && role !== "broker") {
      report.add('"opened" on a client lane', place, "only the lane broker accepts connections");
      return undefined;
    }
    return { kind: what, place };
  }
  if (what === "upgraded") return readUpgraded(role, place, node, report, extra);
  const type = packetType(what, place, report, [
    "closed",
    "nothing",
    "one of",
    role === "broker" ? "opened" : "upgraded",
  ]);
  if (!type) return undefined;
  const possible = role === "broker" ? FROM_CLIENT : FROM_BROKER;
  if (!possible.includes(type)) {
    const sender = role === "broker" ? "client" : "broker";
    report.add(`${type}, which a ${sender} never sends`, place, `did you mean -> ${type}?`);
  }
  const { fields } = readPacket(type, node, "expect", report, extra);
  return { kind: "packet", type, fields, place };
}

function readUpgraded(
  role: Role,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  if (role !== "client") {
    report.add('"upgraded" on a lane of a module suite', place, "only a client asks for a WebSocket");
    return undefined;
  }
  if (!node || isNothing(node)) return { kind: "upgraded", fields: [], place };
  if (node.kind !== "map") {
    report.add(`${describeNode(node)} behind "upgraded"`, node.place, "write upgraded: { status: 101 }");
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

/** Reads `lane <- nothing`, and gives how long it has to last; a client lane has a fence and needs no time. */
export function readNothing(
  role: Role,
  place: Place,
  node: Node | undefined,
  report: Report,
): Value | undefined {
  const within = node?.kind === "map" ? entryOf(node, "within") : undefined;
  if (node && !isNothing(node)) {
    if (node.kind === "map") tellUnknown(node, ["within"], "nothing", report);
    else report.add(`${describeNode(node)} behind "nothing"`, node.place, "write nothing: { within: 300ms }");
  }
  if (within) return checkDuration(within.value, report);
  if (role !== "client") {
    report.add(`"nothing" without a time on the lane ${role}`, place, "write nothing: { within: 300ms }");
  }
  return undefined;
}

function tellUnknown(node: MapNode, known: readonly string[], what: string, report: Report): void {
  for (const { key, keyPlace } of node.entries) {
    if (!known.includes(key)) {
      report.add(`unknown key ${quote(key)} in ${quote(what)}`, keyPlace, suggest(key, known));
    }
  }
}
