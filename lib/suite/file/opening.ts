import { byShape, type Form, type Report, text, value } from "../../spec/form.ts";
import { list, mapOf, object } from "../../spec/form_parts.ts";
import { describeNode, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { nearest, suggest } from "../../ground/nearest.ts";
import { eachVariable, substitute, toValue, type Value } from "../../spec/value.ts";
import { partyKind } from "../step/lane.ts";
import { NAME } from "../field/name.ts";
import { type ReadSteps, stepsForm } from "../step/read.ts";
import { eachStep, isStep, rewriteStep, type Step, valuesOf } from "../step/step.ts";

/** Named steps with parameters. */
export interface Opening {
  readonly name: string;
  readonly purpose: string;
  /** The parameters that name lanes. */
  readonly lanes: readonly string[];
  /** Every parameter; one without `fallback` is required. */
  readonly parameters: readonly { readonly name: string; readonly fallback?: Value }[];
  readonly steps: readonly Step[];
  /** The names that its steps capture, including those that could not be read. */
  readonly captures: readonly string[];
  /** Whether some of its steps could not be read. */
  readonly broken: boolean;
  /** The length of its steps in the file, in characters. */
  readonly size: number;
}

/** One use of an opening in a case. */
export interface Use {
  readonly name: string;
  readonly place: Place;
  /** Undefined if there are no parameters. */
  readonly given: MapNode | undefined;
}

/** The pattern of an opening's name. */
export const OPENING_NAME = { what: "the name of an opening", pattern: /^[A-Za-z][A-Za-z0-9-]*$/ } as const;

/** The openings of a file by name. `source` is the text of that file. */
export function openingsForm(source: string): Form<ReadonlyMap<string, Opening>> {
  const form = mapOf(OPENING_NAME, openingForm(source));
  return {
    read(node, report) {
      const found = form.read(node, report);
      return found && new Map(found.map(({ name, value }) => [name, { ...value, name }] as const));
    },
    schema: (definitions) => form.schema(definitions),
  };
}

function openingForm(source: string): Form<Opening> {
  return {
    read: (node, report) => shape(source, laneParameters(node)).read(node, report),
    schema: (definitions) => shape(source, []).schema(definitions),
  };
}

function shape(source: string, laneNames: readonly string[]): Form<Opening> {
  return object("an opening", (keys, report) => {
    const purpose = keys.optional(
      "purpose",
      text({ longest: 300 }),
      "the state after the opening",
    );
    keys.optional(
      "lanes",
      list(text({ what: "a parameter", pattern: NAME })),
      "the parameters that name lanes",
    );
    const given = keys.optional(
      "with",
      mapOf({ what: "a parameter", pattern: NAME }, value()),
      "parameters and their defaults; null means required",
    ) ?? [];
    const steps = keys.required("steps", stepsForm(source, laneNames), "the conversation") ??
      NO_STEPS;
    const parameters = given.map(({ name, value }) => isNull(value) ? { name } : { name, fallback: value });
    for (const { name, value, place } of given) {
      if (
        value.kind === "variable" && value.path[0] === name && value.path.length === 1 &&
        laneNames.includes(name)
      ) {
        report.add(`parameter ${quote(name)} refers to itself`, place);
      }
    }
    for (const lane of laneNames) {
      if (!given.some(({ name }) => name === lane)) parameters.push({ name: lane });
    }
    return { name: "", purpose: purpose ?? "", lanes: laneNames, parameters, ...steps };
  });
}

const NO_STEPS: ReadSteps = { steps: [], captures: [], broken: true, size: 0 };

/** Reads the lane parameters first, wherever they stand, because the steps need them. */
function laneParameters(node: Node): readonly string[] {
  const lanes = node.kind === "map" ? node.entries.find(({ key }) => key === "lanes")?.value : undefined;
  if (lanes?.kind !== "list") return [];
  return lanes.items.flatMap((item) => item.kind === "scalar" ? [item.source] : []);
}

function isNull(value: Value): boolean {
  return value.kind === "literal" && value.value === null;
}

/** `use: { connected: { lane: a } }`, or a list of such maps to use one opening twice. */
export function useForm(): Form<readonly Use[]> {
  const given: Form<MapNode | undefined> = {
    read(node, report) {
      if (node.kind === "map") return node;
      if (!(node.kind === "scalar" && node.value === null)) {
        report.add(`expected parameters, found ${describeNode(node)}`, node.place, "write { name: value }");
      }
      return undefined;
    },
    schema: () => ({ type: ["object", "null"] }),
  };
  const map: Form<readonly Use[]> = {
    read(node, report) {
      if (node.kind !== "map") return undefined;
      return node.entries.map(({ key, keyPlace, value }) => ({
        name: key,
        place: keyPlace,
        given: given.read(value, report),
      }));
    },
    schema: (definitions) => ({ type: "object", additionalProperties: given.schema(definitions) }),
  };
  const one: Form<readonly Use[]> = {
    read: (node) =>
      node.kind === "scalar" ? [{ name: node.source, place: node.place, given: undefined }] : undefined,
    schema: () => ({ type: "string" }),
  };
  const many = list(byShape("an opening", { scalar: one, map }));
  const flat: Form<readonly Use[]> = {
    read: (node, report) => many.read(node, report)?.flat(),
    schema: (definitions) => many.schema(definitions),
  };
  return byShape("a map of openings", { map, list: flat });
}

/**
 * The total size that the openings of one suite may expand to, in characters; every case has its own copy of
 * their steps.
 */
const MOST_OPENED = 16 * 1024 * 1024;
/** The cost of a step in addition to its text. */
const STEP_WEIGHT = 200;

/** The rest of that total. */
export class Budget {
  #left = MOST_OPENED;
  #told = false;

  /** Deducts the size that an opening can expand to with these values. Reports once if it exceeds the rest. */
  spend(opening: Opening, values: ReadonlyMap<string, Value>, use: Use, report: Report): boolean {
    if (this.#told) return false;
    let longest = 0;
    for (const value of values.values()) longest = Math.max(longest, sizeOf(value));
    let variables = 0;
    let steps = 0;
    for (const step of eachStep(opening.steps)) {
      steps++;
      for (const value of valuesOf(step)) eachVariable(value, () => variables++);
    }
    this.#left -= opening.size + steps * STEP_WEIGHT + variables * longest;
    if (this.#left >= 0) return true;
    report.add("openings expand to too much text", use.place, "use shorter ones, or split the suite");
    this.#told = true;
    return false;
  }
}

function sizeOf(value: Value): number {
  return value.kind === "literal"
    ? value.source.length
    : value.kind === "text"
    ? value.parts.join("").length
    : 0;
}

/**
 * Returns the steps of an opening with its parameters replaced. Reports an unknown opening and returns
 * undefined.
 */
export function inline(
  use: Use,
  openings: ReadonlyMap<string, Opening>,
  budget: Budget,
  report: Report,
): readonly Step[] | undefined {
  const opening = openings.get(use.name);
  if (!opening) {
    const hint = openings.size === 0
      ? "this file has no openings:, and there is no openings.yaml beside it"
      : suggest(use.name, openings.keys()) ?? `the openings are ${[...openings.keys()].join(", ")}`;
    report.add(`unknown opening ${quote(use.name)}`, use.place, hint);
    return undefined;
  }
  const given = givenValues(use, opening, report);
  const values = new Map<string, Value>();
  for (const { name, fallback } of opening.parameters) {
    const value = given.get(name) ?? fallback;
    // A missing parameter is reported once, not at each use.
    values.set(name, value ?? { kind: "literal", value: null, source: "", place: use.place });
    if (!value) {
      report.add(`opening ${quote(use.name)} without ${quote(name)}`, use.place, `write { ${name}: … }`);
    }
  }
  if (!budget.spend(opening, values, use, report)) return undefined;
  const lanes = laneNames(opening, values, report);
  const replace = (path: readonly string[]): Value | undefined => {
    const [name = "", ...rest] = path;
    const lane = lanes.get(rest[0] ?? "");
    if (name === "client" && lane !== undefined && rest.length === 1) {
      return { kind: "variable", path: [name, lane], place: use.place };
    }
    const value = values.get(name);
    if (rest.length === 0) return value;
    return value?.kind === "variable" ? { ...value, path: [...value.path, ...rest] } : undefined;
  };
  return opening.steps.map((step) =>
    rewriteStep(step, {
      value: (value) => substitute(value, replace),
      lane: (lane) => lane.startsWith("$") ? lanes.get(lane.slice(1)) ?? lane.slice(1) : lane,
      opening: opening.name,
    })
  ).filter(isStep);
}

function givenValues(use: Use, opening: Opening, report: Report): ReadonlyMap<string, Value> {
  const given = new Map<string, Value>();
  const names = opening.parameters.map(({ name }) => name);
  for (const { key, keyPlace, value } of use.given?.entries ?? []) {
    if (names.includes(key)) {
      given.set(key, toValue(value, (problem) => report.problems.push(problem)));
    } else {
      const hint = names.length === 0 ? "it has no parameters" : suggest(key, names);
      report.add(`opening ${quote(use.name)} has no parameter ${quote(key)}`, keyPlace, hint);
    }
  }
  return given;
}

function laneNames(
  opening: Opening,
  values: ReadonlyMap<string, Value>,
  report: Report,
): ReadonlyMap<string, string> {
  const lanes = new Map<string, string>();
  for (const name of opening.lanes) {
    const value = values.get(name);
    if (!value || isNull(value)) continue;
    const lane = value.kind === "literal" ? value.source : "";
    if (/^[a-z][a-z0-9]*$/.test(lane) && partyKind(lane) === "client") lanes.set(name, lane);
    else {report.add(
        `parameter ${quote(name)} is not a client lane`,
        value.place,
        "use small letters and digits; not dte or broker",
      );}
  }
  return lanes;
}

/**
 * The captures of openings that a case could mean, which avoids follow-up mistakes after a misspelled
 * opening.
 */
export function capturesOf(uses: readonly Use[], openings: ReadonlyMap<string, Opening>): readonly string[] {
  return uses.flatMap(({ name }) => openings.get(nearest(name, openings.keys()) ?? name)?.captures ?? []);
}
