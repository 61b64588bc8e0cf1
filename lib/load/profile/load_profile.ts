import { fileSchema, type Json, type JsonSchema, Report } from "../../spec/form.ts";
import { entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Problem } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { readYaml } from "../../spec/yaml.ts";
import type { Profile } from "./profile.ts";
import { profileForm } from "./profile_form.ts";

/** A profile, or what is wrong with its file. */
export interface LoadedProfile {
  /** Absent when there is any problem. */
  readonly profile?: Profile;
  readonly problems: readonly Problem[];
}

/**
 * Reads a profile. `set` replaces values that the file declares, each a YAML scalar as text, and `lastStageMs` the length
 * of its last stage, in milliseconds. All mistakes are told at once, each with its place. Never throws.
 */
export function loadProfile(
  text: string,
  file: string,
  set: ReadonlyMap<string, string> = new Map(),
  lastStageMs?: number,
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
  const profile = profileForm(file, text, lastStageMs).read(withValues(root, set, report), report);
  if (profile) checkName(profile, root, file, report);
  return report.problems.length === 0 && profile ? { profile, problems: [] } : { problems: report.problems };
}

/** The JSON Schema of profiles, draft 2020-12, made from what reads them. */
export function profileJsonSchema(): JsonSchema {
  return allowValues(fileSchema(profileForm("", ""), "attest load profile"));
}

/** The file with each scalar that is `$name` alone, of a declared value, replaced by that value. */
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

/** Where a number or a word is due, `$name` may stand for a value of the file. */
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

/** A profile below a folder `suites/load` is named for its file. */
function checkName(profile: Profile, root: Node, file: string, report: Report): void {
  const below = /(?:^|.*\/)suites\/load\/(.+)\.ya?ml$/.exec(file.replaceAll("\\", "/"))?.[1];
  if (below === undefined || below === profile.name || root.kind !== "map") return;
  const place = entryOf(root, "profile")?.value.place;
  if (place) {
    report.add(`profile "${profile.name}" in the file of "${below}"`, place, `write profile: ${below}`);
  }
}
