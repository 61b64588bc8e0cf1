import { suggest } from "../../ground/nearest.ts";
import type { Definitions, Json, JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import type { Value } from "../../spec/value.ts";
import { dteOutcomeSchema, readDteOutcome } from "./at_outcome.ts";
import { durationForm } from "./duration_form.ts";
import { LANE_PATTERN, type PartyKind, partyKind } from "./lane.ts";
import { mqttOutcomeSchema, readMqttOutcome } from "./mqtt_outcome.ts";
import { nameForm } from "./name_form.ts";
import { INDICATIONS } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import type { Line } from "./verb.ts";

/** The content of an expecting step. */
export interface Expected {
  readonly lane: string;
  readonly outcomes: readonly Outcome[];
  readonly within?: Value | undefined;
  readonly as?: string | undefined;
}

/** The keys of the step itself, as opposed to the fields of what it expects. */
const EXTRA = ["within", "as"];
const WITHIN = durationForm();
const AS = nameForm();

/** Reads what follows `lane <-`. */
export function readExpected({ lane, what, place, node }: Line, report: Report): Expected | undefined {
  const kind = partyKind(lane);
  const read = what === "one of"
    ? readOneOf(kind, place, node, report)
    : readOnly(kind, what, place, node, report);
  return read && { lane, ...read };
}

type Read = Omit<Expected, "lane">;

function readOnly(
  kind: PartyKind,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Read | undefined {
  const wrapped = node?.kind === "map" ? unwrap(kind, what, node) : undefined;
  const inner = wrapped ? wrapped.inner : node;
  const outcome = readOutcome(kind, what, place, inner, report, wrapped ? [] : EXTRA);
  if (!outcome) return undefined;
  const extra = node?.kind === "map" ? readExtra(node, report) : {};
  if (wrapped && node?.kind === "map") reportUnknown(node, [...wrapped.keys, ...EXTRA], what, report);
  return { outcomes: [outcome], ...extra };
}

/**
 * Returns the value of an outcome that is not a packet: it has its own key beside `within` and `as`, such as
 * `args` of a result or `text` of a line. Returns undefined if the map itself is the value.
 */
function unwrap(
  kind: PartyKind,
  what: string,
  node: MapNode,
): { inner: Node | undefined; keys: readonly string[] } | undefined {
  if (kind !== "dte") {
    return what === "closed" || what === "opened" ? { inner: undefined, keys: [] } : undefined;
  }
  if (INDICATIONS.has(what)) return undefined;
  const key = what === "line" ? "text" : "args";
  const inner = entryOf(node, key);
  const mine = inner !== undefined || node.entries.some((entry) => EXTRA.includes(entry.key));
  if (what === "line" && !mine) return undefined;
  return { inner: inner?.value, keys: what === "OK" || what === "ERROR" || what === "prompt" ? [] : [key] };
}

function readExtra(node: MapNode, report: Report): Pick<Expected, "within" | "as"> {
  const within = entryOf(node, "within");
  const as = entryOf(node, "as");
  return { within: within && WITHIN.read(within.value, report), as: as && AS.read(as.value, report) };
}

function readOneOf(
  kind: PartyKind,
  place: Place,
  node: Node | undefined,
  report: Report,
): Read | undefined {
  const outcomes = node?.kind === "map" ? entryOf(node, "outcomes")?.value : node;
  if (outcomes?.kind !== "list" || outcomes.items.length === 0) {
    report.add(
      '"one of" without its outcomes',
      outcomes?.place ?? place,
      "write one of: [ … ], or one of: { outcomes: [ … ] }",
    );
    return undefined;
  }
  const read = outcomes.items.flatMap((item) => readOneOutcome(kind, item, report) ?? []);
  if (node?.kind !== "map") return { outcomes: read };
  reportUnknown(node, ["outcomes", ...EXTRA], "one of", report);
  return { outcomes: read, ...readExtra(node, report) };
}

function readOneOutcome(kind: PartyKind, item: Node, report: Report): Outcome | undefined {
  if (item.kind === "scalar") return readOutcome(kind, item.source, item.place, undefined, report, []);
  const [entry] = item.kind === "map" ? item.entries : [];
  if (!entry || (item.kind === "map" && item.entries.length > 1)) {
    report.add(
      `expected one outcome, found ${describeNode(item)}`,
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
  const args = kind === "dte" && entry.value.kind === "map" ? entryOf(entry.value, "args") : undefined;
  return readOutcome(kind, entry.key, entry.keyPlace, args?.value ?? entry.value, report, []);
}

function readOutcome(
  kind: PartyKind,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  if (what === "nothing") {
    report.add('"nothing" as one of several outcomes', place, "write it as its own step");
    return undefined;
  }
  return kind === "dte"
    ? readDteOutcome(what, place, node, report, extra)
    : readMqttOutcome(kind, what, place, node, report, extra);
}

function reportUnknown(node: MapNode, known: readonly string[], what: string, report: Report): void {
  for (const { key, keyPlace } of node.entries) {
    if (!known.includes(key)) {
      report.add(`unknown key ${quote(key)} in ${quote(what)}`, keyPlace, suggest(key, known));
    }
  }
}

/** Returns the schemas of the expecting lines. */
export function outcomeSchema(definitions: Definitions): { readonly [pattern: string]: Json } {
  const timed = { within: WITHIN.schema(definitions), as: AS.schema(definitions) };
  const outcomes: JsonSchema = { type: "array", minItems: 1, items: { type: ["string", "object"] } };
  const listed: JsonSchema = {
    type: "object",
    properties: { outcomes, ...timed },
    required: ["outcomes"],
    additionalProperties: false,
  };
  return {
    ...mqttOutcomeSchema(definitions, timed),
    ...dteOutcomeSchema(definitions, timed),
    [`^${LANE_PATTERN} +<- +one of$`]: { anyOf: [outcomes, listed] },
  };
}
