import { fileSchema, type Json, type JsonSchema, Report } from "../../spec/form.ts";
import { entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Problem } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { readYaml } from "../../spec/yaml.ts";
import { readData } from "./data_form.ts";
import type { Profile } from "./profile.ts";
import { profileForm } from "./profile_form.ts";

/** A profile, or what is wrong with its file. */
export interface LoadedProfile {
  /** Absent if there is any problem. */
  readonly profile?: Profile | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads a profile and returns it, or all its mistakes with their places. `set` replaces values that the file declares,
 * each a YAML scalar as text; `lastStageMs` replaces the length of its last stage, in milliseconds; `read` returns the
 * text of a data file by its path in the profile, and throws if it can't be read. Never throws.
 */
export function loadProfile(
  text: string,
  file: string,
  set: ReadonlyMap<string, string> = new Map(),
  lastStageMs?: number,
  read: (path: string) => string = noFiles,
): LoadedProfile {
  const report = new Report();
  const { root, problems } = readYaml(text, file);
  report.problems.push(...problems);
  if (!root) {
    if (problems.length === 0) {
      report.add("an empty file", { file, line: 1, column: 1, length: 1 }, "write profile: name");
    }
    return { problems: report.problems };
  }
  const replaced = withValues(root, set, report);
  const tables = readData(replaced, read, report);
  const profile = profileForm(file, text, lastStageMs, tables).read(replaced, report);
  checkName(replaced, file, report);
  return report.problems.length === 0 && profile
    ? { profile, problems: [] }
    : { problems: report.problems.map(undeclared) };
}

function noFiles(): string {
  throw new Error("only a profile that is a file has data files");
}

/** The message of a value that is an undeclared `$name`, in the form of the readers and of the profile forms. */
const UNDECLARED = /^"\$([A-Za-z][A-Za-z0-9]*)" where |^expected .*, found "\$([A-Za-z][A-Za-z0-9]*)"$/;

/** A problem of an undeclared `$name`, with a hint. */
function undeclared(problem: Problem): Problem {
  const [, before, after] = UNDECLARED.exec(problem.message) ?? [];
  const name = before ?? after;
  if (name === undefined || problem.hint !== undefined) return problem;
  return { ...problem, hint: `declare it at the top: values: { ${name}: … }` };
}

/** The JSON Schema of profiles (draft 2020-12), made from the forms that read them. */
export function profileJsonSchema(): JsonSchema {
  return allowValues(fileSchema(profileForm("", ""), "attest load profile"));
}

/** Replaces each scalar that consists of `$name` with the declared value of that name. */
function withValues(root: Node, set: ReadonlyMap<string, string>, report: Report): Node {
  if (root.kind !== "map") return root;
  const declared = entryOf(root, "values")?.value;
  const values = new Map<string, Node>();
  for (const { key, value } of declared?.kind === "map" ? declared.entries : []) values.set(key, value);
  for (const [name, source] of set) {
    const value = readYaml(source === "" ? '""' : source, "--set");
    if (!values.has(name)) {
      const hint = suggest(name, values.keys()) ??
        (values.size > 0 ? `its values are ${[...values.keys()].join(", ")}` : "it has no values");
      report.add(`no value "${name}" to set`, (declared ?? root).place, hint);
    } else if (value.root && value.root.kind === "scalar") values.set(name, value.root);
    else report.add(`the value "${source.slice(0, 60)}" of --set can't be read`, (declared ?? root).place);
  }
  if (values.size === 0) return root;
  const replaced = (node: Node): Node => {
    switch (node.kind) {
      case "scalar": {
        const [, name] = /^\$([A-Za-z][A-Za-z0-9]*)$/.exec(node.source) ?? [];
        const value = name === undefined ? undefined : values.get(name);
        return value ? { ...value, place: node.place } : node;
      }
      case "list":
        return { ...node, items: node.items.map(replaced) };
      case "map":
        return mapped(node, replaced);
    }
  };
  return {
    ...root,
    entries: root.entries.map((entry) =>
      entry.key === "values" ? entry : { ...entry, value: replaced(entry.value) }
    ),
  };
}

function mapped(node: MapNode, replaced: (node: Node) => Node): MapNode {
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: replaced(entry.value) })) };
}

/** Allows `$name` in place of each number and word of a schema, because it may stand for a value of the file. */
function allowValues(schema: JsonSchema): JsonSchema {
  const changedAll = (whole: JsonSchema): JsonSchema =>
    Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, change(part)]));
  const change = (part: Json): Json => {
    if (isList(part)) return part.map(change);
    if (typeof part !== "object" || part === null) return part;
    const inner: JsonSchema = Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, change(value)]),
    );
    const scalar = inner["type"] === "integer" || inner["type"] === "number" || inner["type"] === "boolean" ||
      (inner["type"] === "string" && typeof inner["pattern"] === "string") || Array.isArray(inner["enum"]);
    if (!scalar) return inner;
    const { description, ...rest } = inner;
    return {
      anyOf: [rest, { type: "string", pattern: "^\\$[A-Za-z][A-Za-z0-9]*$" }],
      ...(description === undefined ? {} : { description }),
    };
  };
  return changedAll(schema);
}

function isList(part: Json): part is readonly Json[] {
  return Array.isArray(part);
}

/** Reports a profile below `suites/load` whose name is not that of its file. */
function checkName(root: Node, file: string, report: Report): void {
  const below = /(?:^|.*\/)suites\/load\/(.+)\.ya?ml$/.exec(file.replaceAll("\\", "/"))?.[1];
  const name = root.kind === "map" ? entryOf(root, "profile")?.value : undefined;
  if (below === undefined || name?.kind !== "scalar" || name.source === below) return;
  if (report.problems.some(({ place }) => place === name.place)) return;
  report.add(`profile "${name.source}" in the file of "${below}"`, name.place, `write profile: ${below}`);
}
