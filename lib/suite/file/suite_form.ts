import { type Form, type Report, text, value } from "../../spec/form.ts";
import { list, mapOf, type Named, object } from "../../spec/form_parts.ts";
import type { Level } from "../../ground/level.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import { caseForm, levelForm, protocolsForm, requiresForm, tagsForm, type WrittenCase } from "./case_form.ts";
import type { Requirement } from "./model.ts";
import { checkValueNames } from "./names.ts";
import { type Opening, openingsForm } from "./opening.ts";
import { NAME } from "../field/name.ts";

/** A suite file as written. */
export interface WrittenSuite {
  readonly name: string;
  readonly namePlace: Place;
  readonly title: string;
  readonly protocols: readonly string[] | undefined;
  readonly protocolsPlace: Place;
  /** The dialect whose commands it types; absent in broker suites, and in those for modules of every dialect. */
  readonly dialect: string | undefined;
  readonly level: Level;
  readonly requires: readonly Requirement[];
  readonly tags: readonly string[];
  readonly values: readonly Named<Value>[];
  readonly openings: ReadonlyMap<string, Opening>;
  readonly cases: readonly WrittenCase[];
}

/** The place of missing openings, which are in no file. */
const NOWHERE: Place = { file: "", line: 1, column: 1, length: 1 };

/** A complete suite file. `source` is its text. */
export function suiteForm(source: string): Form<WrittenSuite> {
  return object("a suite", (keys, report): WrittenSuite => {
    const name = keys.required(
      "suite",
      text({ what: "the name of a suite", pattern: /^[a-z0-9-]+(\/[a-z0-9-]+)*$/, longest: 100 }),
      "the file's path below suites/, without .yaml",
    );
    const title = keys.required("title", text({ longest: 200 }), "a heading for reports");
    const protocols = keys.optional(
      "protocols",
      protocolsForm(),
      "the versions of MQTT; only in broker suites",
    );
    const dialect = keys.optional(
      "dialect",
      text({ what: "the name of a dialect", pattern: /^[a-z][a-z0-9-]*$/, longest: 50 }),
      "the dialect whose commands it types, such as ecmt; only in module suites without protocols",
    );
    if (dialect !== undefined && protocols !== undefined) {
      report.add(
        "a suite with both a dialect and protocols",
        keys.place("dialect") ?? NOWHERE,
        "take dialect: out where the suite is for modules of every dialect, else protocols:",
      );
    }
    const level = keys.optional("level", levelForm(), "the level of its cases: must, should or may");
    const requires = keys.optional(
      "requires",
      requiresForm(),
      "features that all its cases need; !x: must not be claimed",
    );
    const tags = keys.optional("tags", tagsForm(), "words for selection");
    const values = keys.optional("values", valuesForm(), "values of the target, with their defaults");
    const openings = keys.optional("openings", openingsForm(source), "named steps, for use:");
    const cases = keys.required(
      "cases",
      list(caseForm(source), { least: 1, what: "a list of cases" }),
      "the cases",
    );
    tellTwins(cases ?? [], report);
    return {
      name: name ?? "",
      namePlace: keys.place("suite") ?? NOWHERE,
      title: title ?? "",
      protocols,
      protocolsPlace: keys.place("protocols") ?? NOWHERE,
      dialect,
      level: level ?? "must",
      requires: requires ?? [],
      tags: tags ?? [],
      values: values ?? [],
      openings: openings ?? new Map(),
      cases: cases ?? [],
    };
  });
}

/** The file of openings that the suites of a folder share. */
export function openingsFileForm(source: string): Form<ReadonlyMap<string, Opening>> {
  return object(
    "a file of openings",
    (keys) =>
      keys.required(
        "openings",
        openingsForm(source),
        "named steps, for use: in the suites beside this file",
      ),
  );
}

function valuesForm(): Form<readonly Named<Value>[]> {
  const form = mapOf({ what: "the name of a value", pattern: NAME }, value());
  return {
    read(node, report) {
      const values = form.read(node, report);
      for (const { value } of values ?? []) checkValueNames(value, [], report);
      return values;
    },
    schema: (definitions) => form.schema(definitions),
  };
}

function tellTwins(cases: readonly WrittenCase[], report: Report): void {
  const first = new Map<string, Place>();
  for (const { name, place } of cases) {
    const other = first.get(name);
    if (other && name !== "") {
      report.add(`a second case "${name}"`, place, `the first is on line ${other.line}`);
    } else first.set(name, place);
  }
}
