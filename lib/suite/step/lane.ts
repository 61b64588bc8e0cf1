import { suggest } from "../../ground/nearest.ts";
import type { Form, Report } from "../../spec/form.ts";
import { describeNode } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";

/** The party of a lane: the serial side, the scripted broker, or an MQTT client. */
export type PartyKind = "dte" | "broker" | "client";

/** Returns the kind of party that a lane's name implies. */
export function partyKind(lane: string): PartyKind {
  return lane === "dte" || lane === "broker" ? lane : "client";
}

/** The pattern of a lane's name; `$` marks a parameter of an opening. */
export const LANE_PATTERN = "\\$?[a-z][a-z0-9]*";
const LANE = new RegExp(`^${LANE_PATTERN}$`);

/**
 * Whether a text names a lane; otherwise reports why not. `parameters` are the opening's; undefined in a
 * case.
 */
export function checkLane(
  lane: string,
  place: Place,
  parameters: readonly string[] | undefined,
  report: Report,
): boolean {
  if (!LANE.test(lane)) {
    report.add(
      `expected the name of a lane, found ${quote(lane)}`,
      place,
      "use a small letter, then small letters and digits",
    );
    return false;
  }
  if (!lane.startsWith("$") || parameters?.includes(lane.slice(1))) return true;
  const hint = parameters
    ? suggest(lane.slice(1), parameters) ?? `add it to lanes: [${lane.slice(1)}]`
    : "only openings have lane parameters";
  report.add(`${quote(lane)} is not a lane${parameters ? " of this opening" : ""}`, place, hint);
  return false;
}

/** The name of a lane; `parameters` are those of the current opening; undefined in a case. */
export function laneForm(parameters: readonly string[] | undefined): Form<string> {
  return {
    read(node, report) {
      if (node.kind !== "scalar") {
        report.add(`expected a lane, found ${describeNode(node)}`, node.place);
        return undefined;
      }
      return checkLane(node.source, node.place, parameters, report) ? node.source : undefined;
    },
    schema: () => ({ type: "string", pattern: `^${LANE_PATTERN}$` }),
  };
}

/** A lane that a verb supports: `refuse` returns why a kind of party is not supported, as a clause. */
export function laneFor(
  verb: string,
  lane: Form<string>,
  refuse: (kind: PartyKind) => string | undefined,
  hint?: string,
): Form<string> {
  return {
    read(node, report) {
      const name = lane.read(node, report);
      const why = name === undefined ? undefined : refuse(partyKind(name));
      if (why === undefined) return name;
      report.add(`"${verb}" on the lane ${name}${why}`, node.place, hint);
      return undefined;
    },
    schema: (definitions) => lane.schema(definitions),
  };
}
