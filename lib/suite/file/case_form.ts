import { PROTOCOL_VERSIONS } from "../../mqtt/packet.ts";
import { byShape, duration, flag, type Form, located, text, word } from "../../spec/form.ts";
import { list, mapOf, type Named, object } from "../../spec/form_parts.ts";
import { type Level, LEVELS } from "../../ground/level.ts";
import { describeNode } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { type Need, needsForm } from "../claim/needs.ts";
import type { Requirement } from "./model.ts";
import { type Use, useForm } from "./opening.ts";
import { type Matrix, matrixForm, type Row, tableForm } from "./rows.ts";
import { stepsForm } from "../step/read.ts";
import type { Step } from "../step/step.ts";

/** A clause that a case cites. */
export interface Cited {
  readonly value: string;
  readonly place: Place;
}

/** The cited clauses: by protocol, or one list for the only protocol. */
export type Covers =
  | { readonly kind: "plain"; readonly clauses: readonly Cited[] }
  | { readonly kind: "by protocol"; readonly protocols: readonly Named<readonly Cited[]>[] };

/** A case as written in its file, before openings and rows are expanded. */
export interface WrittenCase {
  readonly name: string;
  readonly place: Place;
  readonly purpose: string;
  readonly covers: Covers | undefined;
  readonly coversPlace: Place | undefined;
  readonly level: Level | undefined;
  /** Levels that differ in some protocols. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly requires: readonly Requirement[];
  readonly needs: readonly Need[];
  readonly tags: readonly string[];
  readonly protocols: readonly string[] | undefined;
  /** The rules that it breaks on purpose. */
  readonly breaks: readonly Cited[];
  readonly exclusive: boolean;
  readonly limit: number | undefined;
  readonly unprovable: string | undefined;
  readonly matrix: Matrix | undefined;
  readonly table: readonly Row[] | undefined;
  readonly use: readonly Use[];
  readonly steps: readonly Step[];
  /** The names that its steps capture, including those of steps that could not be read. */
  readonly captures: readonly string[];
  /** The parts that could not be read, for which follow-up mistakes are not reported. */
  readonly broken: { readonly steps: boolean; readonly names: boolean };
}

/** `level:` */
export function levelForm(): Form<Level> {
  return word(LEVELS, "level");
}

/** `level:` of a case: one word, or one per protocol if the documents differ. */
function levelsForm(): Form<Level | Readonly<Record<string, Level>>> {
  const byProtocol = mapOf({ what: "a protocol", pattern: /^(3\.1|3\.1\.1|5\.0)$/ }, levelForm());
  return byShape<Level | Readonly<Record<string, Level>>>("must, should or may", {
    scalar: levelForm(),
    map: {
      read: (node, report) => {
        const entries = byProtocol.read(node, report);
        return entries && Object.fromEntries(entries.map((one) => [one.name, one.value]));
      },
      schema: (definitions) => byProtocol.schema(definitions),
    },
  });
}

/** `protocols:` */
export function protocolsForm(): Form<readonly string[]> {
  return list(word(PROTOCOL_VERSIONS, "protocol"), { least: 1 });
}

/** `tags:` */
export function tagsForm(): Form<readonly string[]> {
  return list(text({ what: "a tag", pattern: /^[a-z0-9][a-z0-9-]*$/, longest: 60 }));
}

/** A word, which may end in a variable of the row: `qos$qos`; it may depend on one: `retained if $retain`. */
const FEATURE = /^!?[a-zA-Z0-9][a-zA-Z0-9.-]*(?:\$[A-Za-z_][A-Za-z0-9_]*)?(?: if \$[A-Za-z_][A-Za-z0-9_]*)?$/;

/** `requires:` */
export function requiresForm(): Form<readonly Requirement[]> {
  const form = list(
    located(text({ what: "a feature", pattern: FEATURE, longest: 60 })),
  );
  return {
    read: (node, report) =>
      form.read(node, report)?.map(({ value, place }): Requirement => {
        const [feature = "", when] = value.replace(/^!/, "").split(" if $");
        return { feature, not: value.startsWith("!") || undefined, when, place };
      }),
    schema: (definitions) => form.schema(definitions),
  };
}

function coversForm(): Form<Covers> {
  const clauses = list(located(text({ what: "a clause", longest: 60 })));
  const plain: Form<Covers> = {
    read(node, report) {
      const found = clauses.read(node, report);
      return found && { kind: "plain", clauses: found };
    },
    schema: (definitions) => clauses.schema(definitions),
  };
  const map = mapOf({ what: "a protocol", pattern: /^/ }, clauses);
  const byProtocol: Form<Covers> = {
    read(node, report) {
      const found = map.read(node, report);
      return found && { kind: "by protocol", protocols: found };
    },
    schema: (definitions) => map.schema(definitions),
  };
  return byShape("clauses", { list: plain, map: byProtocol });
}

/** One case of a suite. `source` is the text of its file. */
export function caseForm(source: string): Form<WrittenCase> {
  const form = object("a case", (keys, report): WrittenCase => {
    const from = report.problems.length;
    const name = keys.required(
      "case",
      text({ what: "the name of a case", pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/, longest: 80 }),
      "words for the behaviour, never a number; small letters, digits and -",
    );
    const purpose = keys.required(
      "purpose",
      text({ longest: 500 }),
      "one sentence with MUST, SHOULD or MAY as in the standard",
    );
    const covers = keys.optional("covers", coversForm(), "the clauses that it tests, by protocol");
    const level = keys.optional(
      "level",
      levelsForm(),
      "what a violation means for the verdict; by protocol if the documents differ",
    );
    const requires =
      keys.optional("requires", requiresForm(), "features that the target must claim; !x: must not") ?? [];
    const needs = keys.optional("needs", needsForm(), "how much of the target's capacities it needs") ?? [];
    const tags = keys.optional("tags", tagsForm(), "words for selection") ?? [];
    const protocols = keys.optional("protocols", protocolsForm(), "the versions in which the case runs");
    const breaks = keys.optional(
      "breaks",
      list(located(text({ what: "a rule", longest: 60 }))),
      "the rules of MQTT that it breaks on purpose, by name or by a clause that states them",
    ) ?? [];
    const exclusive = keys.optional("exclusive", flag(), "runs alone on its target") ?? false;
    const limit = keys.optional("limit", duration(), "the time limit for the whole case");
    const unprovable = keys.optional("unprovable", text({ longest: 500 }), "why no defect can break it");
    const beforeRows = report.problems.length;
    const matrix = keys.optional(
      "matrix",
      matrixForm(),
      "variables and their values; the case runs with every combination",
    );
    const table = keys.optional("table", tableForm(), "variables by row; the case runs once per row");
    const rowsBroken = report.problems.length > beforeRows;
    const use = keys.optional("use", useForm(), "openings, with their parameters") ?? [];
    const read = keys.optional("steps", stepsForm(source), "the conversation");
    const place = keys.place("case") ?? { file: "", line: 1, column: 1, length: 1 };
    if (report.problems.length === from && !read?.steps.length && use.length === 0) {
      report.add("a case without steps", place, "add steps:");
    }
    return {
      name: name ?? "",
      place,
      purpose: purpose ?? "",
      covers,
      coversPlace: keys.place("covers"),
      level: typeof level === "string" ? level : undefined,
      levels: typeof level === "object" ? level : {},
      requires,
      needs,
      tags,
      protocols,
      breaks,
      exclusive,
      limit,
      unprovable,
      matrix,
      table,
      use,
      steps: read?.steps ?? [],
      captures: read?.captures ?? [],
      broken: { steps: read?.broken ?? false, names: rowsBroken },
    };
  });
  return {
    read(node, report) {
      if (node.kind === "map") return form.read(node, report);
      report.add(
        `expected a case, found ${describeNode(node)}`,
        node.place,
        "write - case: name, with its keys below",
      );
      return undefined;
    },
    schema: (definitions) => form.schema(definitions),
  };
}
