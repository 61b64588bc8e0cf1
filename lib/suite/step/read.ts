import { ellipsis } from "../../ground/text.ts";
import { nearest } from "../../ground/nearest.ts";
import type { Definitions, Form, Json, JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { checkLane, LANE_PATTERN, laneForm } from "./lane.ts";
import { isStep, type Step, VERBS } from "./step.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

const ARROW = /^(\S+)(\s+)(->|<-)(\s+)(\S.*)$/s;
/** The arrows of other notations, between a lane and what it sends or expects. */
const OTHER_ARROW = /^([a-z][a-z0-9]*)\s*(->|<-|=>|<=|-->|<--|>>?|<<?|→|←)\s*(\S.*)$/s;
/** Names that other tools have for a verb. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([["sleep", "wait"], ["pause", "wait"], [
  "delay",
  "wait",
]]);

/** Suggests how to write a step that has another arrow, or none. */
function arrowHint(name: string, node: Node | undefined): string | undefined {
  const [, lane, arrow = "", what = ""] = ARROW.test(name) ? [] : OTHER_ARROW.exec(name) ?? [];
  if (lane !== undefined) {
    return `use -> or <-: write ${lane} ${/[<←]/.test(arrow) ? "<-" : "->"} ${ellipsis(what, 40)}`;
  }
  if (node?.kind !== "scalar" || !/^[a-z][a-z0-9]*$/.test(name) || !/^[A-Z]+$/.test(node.source)) {
    return undefined;
  }
  return `use -> or <-: write ${name} -> ${node.source} or ${name} <- ${node.source}`;
}

/** The maximum length of a step's line in a report, in characters. */
const LONGEST_SOURCE = 300;

/** The verbs that have their own key. */
const KEYED: readonly Verb[] = [...VERBS.values()].filter(({ form }) => form !== undefined);
const KEYS: readonly string[] = KEYED.map(({ kind }) => kind);

/**
 * The steps that could be read, and the names that they capture, including those of steps that could not be
 * read.
 */
export interface ReadSteps {
  readonly steps: readonly Step[];
  readonly captures: readonly string[];
  /** Whether some step could not be read. */
  readonly broken: boolean;
  /** The length of the steps in the file, in characters. */
  readonly size: number;
}

/** A list of steps. `source` is the text of the file; `laneParameters` are set in an opening. */
export function stepsForm(source: string, laneParameters?: readonly string[]): Form<ReadSteps> {
  const { steps } = new StepGrammar(source, laneParameters);
  return {
    read(node, report) {
      const before = report.problems.length;
      const read = (steps.read(node, report) ?? []).filter(isStep);
      const broken = report.problems.length > before;
      return { steps: read, captures: captureNames(node), broken, size: node.range[1] - node.range[0] };
    },
    schema: (definitions) => steps.schema(definitions),
  };
}

class StepGrammar implements Grammar {
  readonly #text: string;
  readonly #laneParameters: readonly string[] | undefined;
  readonly lane: Form<string>;
  readonly step: Form<StepBase>;
  readonly steps: Form<readonly StepBase[]>;

  constructor(text: string, laneParameters: readonly string[] | undefined) {
    this.#text = text;
    this.#laneParameters = laneParameters;
    this.lane = laneForm(laneParameters);
    this.step = {
      read: (node, report) => this.#readStep(node, report),
      schema: (definitions) => (this.steps.schema(definitions), { $ref: "#/$defs/step" }),
    };
    this.steps = {
      read: (node, report) => this.#readSteps(node, report),
      schema: (definitions) => stepsSchema(definitions, this),
    };
  }

  sourceOf(node: Node): string {
    const line = this.#text.slice(node.range[0], node.range[1]).replaceAll(/\s+/g, " ").trim();
    return line.length > LONGEST_SOURCE ? `${line.slice(0, LONGEST_SOURCE)}…` : line;
  }

  /** Reads the steps. Reports and omits those with mistakes. */
  #readSteps(node: Node, report: Report): readonly StepBase[] {
    if (node.kind !== "list") {
      report.add(`expected steps, found ${describeNode(node)}`, node.place, "write each step after a -");
      return [];
    }
    return node.items.flatMap((item) => report.full ? [] : this.#readStep(item, report) ?? []);
  }

  #readStep(node: Node, report: Report): StepBase | undefined {
    if (node.kind === "list") {
      report.add("expected a step, found a list", node.place, "write lane -> PACKET: { field: value }");
      return undefined;
    }
    const base = { place: node.place, source: this.sourceOf(node) };
    if (node.kind === "scalar") {
      return this.#readLine(node.source, node.place, undefined, base, report);
    }
    const [entry] = node.entries;
    if (entry && node.entries.length === 1) {
      return this.#readLine(entry.key, entry.keyPlace, entry.value, base, report);
    }
    report.add(
      entry ? "several keys in one step" : "an empty step",
      node.entries[1]?.keyPlace ?? node.place,
      entry ? "a step has one key: indent the others below it, or put a - before each" : undefined,
    );
    return undefined;
  }

  #readLine(
    line: string,
    place: Place,
    node: Node | undefined,
    base: Pick<StepBase, "place" | "source">,
    report: Report,
  ): StepBase | undefined {
    const arrow = ARROW.exec(line);
    if (!arrow) return this.#readVerb(line, place, node, base, report);
    const [, lane = "", before = "", direction = "", after = "", what = ""] = arrow;
    // If the key was written with escapes, the columns inside it are unknown.
    const exact = line.length === place.length;
    const part = (offset: number, length: number): Place =>
      exact ? { ...place, column: place.column + offset, length: Math.max(1, length) } : place;
    if (!checkLane(lane, part(0, lane.length), this.#laneParameters, report)) return undefined;
    const at = part(lane.length + before.length + direction.length + after.length, what.length);
    const verb = arrowVerb(direction, what);
    const said = verb?.line?.().read({ lane, what, place: at, node }, report);
    return verb && said && { ...base, kind: verb.kind, ...said };
  }

  #readVerb(
    name: string,
    place: Place,
    node: Node | undefined,
    base: Pick<StepBase, "place" | "source">,
    report: Report,
  ): StepBase | undefined {
    const verb = KEYED.find(({ kind }) => kind === name);
    if (!verb) {
      const word = SYNONYMS.get(name) ?? name;
      const near = nearest(word, KEYS.filter((candidate) => candidate[0] === word[0])) ??
        KEYS.find((key) => key === word);
      const hint = arrowHint(name, node) ??
        (near === undefined
          ? `write lane -> PACKET, lane <- PACKET, or ${KEYS.join(", ")}`
          : `did you mean ${near}?`);
      report.add(`unknown step ${quote(name)}`, place, hint);
      return undefined;
    }
    if (!node) {
      report.add(`"${name}" without its value`, place, `write ${name}: …`);
      return undefined;
    }
    const said = verb.form?.(this).read(node, report);
    return said && { ...base, kind: verb.kind, ...said };
  }
}

/** Returns the verb of a line with an arrow: the one for the word after it, or the one for all other words. */
function arrowVerb(arrow: string, what: string): Verb | undefined {
  const fitting = [...VERBS.values()].filter((verb) => verb.arrow === arrow);
  return fitting.find(({ word }) => word === what) ?? fitting.find(({ word }) => word === undefined);
}

/** Returns the names under which a step, or an unreadable one, captures something. */
function captureNames(node: Node): readonly string[] {
  if (node.kind === "list") return node.items.flatMap(captureNames);
  if (node.kind === "scalar") return [];
  return node.entries.flatMap(({ key, value }) =>
    key === "as" && value.kind === "scalar" ? [value.source] : captureNames(value)
  );
}

/** Returns the schema of a list of steps; its parts go to `definitions`. */
function stepsSchema(definitions: Definitions, grammar: Grammar): JsonSchema {
  const reference: JsonSchema = { $ref: "#/$defs/steps" };
  if (definitions.has("steps")) return reference;
  definitions.set("steps", { type: "array", items: { $ref: "#/$defs/step" } });
  definitions.set("step", {});
  const properties: { [key: string]: Json } = {};
  const patternProperties: { [key: string]: Json } = {};
  for (const verb of VERBS.values()) {
    if (verb.form) {
      properties[verb.kind] = { ...verb.form(grammar).schema(definitions), description: verb.about };
    }
    if (verb.line) Object.assign(patternProperties, verb.line().schema(definitions));
  }
  definitions.set("step", {
    anyOf: [
      { type: "string", pattern: `^${LANE_PATTERN} +(->|<-) +\\S` },
      {
        type: "object",
        properties,
        patternProperties,
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  });
  return reference;
}
