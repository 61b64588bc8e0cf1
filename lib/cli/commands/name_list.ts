import { readDialect } from "../../catalog/dialects.ts";
import { findProfile, profileNames } from "../../catalog/profiles.ts";
import { DIALECTS } from "../../catalog/suite_files.ts";
import { findTarget, targetNames } from "../../catalog/targets.ts";
import { yamlNamesIn } from "../../catalog/yaml_files.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { plainTable } from "../terminal/plain_table.ts";

/** A list of one kind of shipped files, as `list` shows it: the columns, and a row for each name, which comes first. */
export interface NameList {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The targets that ship, with what they test and how they start. */
export async function listedTargets(): Promise<NameList> {
  const found = await Promise.all((await targetNames()).map((name) => findTarget(name)));
  return {
    head: ["target", "tests", "start", "title"],
    rows: found.map(({ file }) => [file.name, file.tests, startText(file), file.title]),
  };
}

/** The load profiles that ship. */
export async function listedProfiles(): Promise<NameList> {
  const found = await Promise.all((await profileNames()).map((name) => findProfile(name, new Map())));
  return { head: ["profile", "title"], rows: found.map(({ name, title }) => [name, title]) };
}

/** The dialects that ship. */
export async function listedDialects(): Promise<NameList> {
  const found = await Promise.all((await yamlNamesIn(DIALECTS)).map((name) => readDialect(name)));
  return { head: ["dialect", "title"], rows: found.map(({ dialect }) => [dialect.name, dialect.title]) };
}

/** The list as a table. */
export function nameTable({ head, rows }: NameList): string {
  return plainTable(head, rows);
}

/** The list as JSON: an array of objects with the columns as keys. */
export function nameJson({ head, rows }: NameList): string {
  const records = rows.map((row) => Object.fromEntries(head.map((key, at) => [key, row[at]])));
  return JSON.stringify(records, null, 2);
}

/** How a target starts, in a few words. */
export function startText({ address, start }: TargetFile): string {
  if (!start) return address ? `runs at ${address.text}` : "";
  switch (start.kind) {
    case "reference-broker":
    case "virtual-client":
      return "attest's own, in this process";
    case "virtual-module":
      return "attest's own, on a pty";
    case "process":
      return `starts ${start.command[0]?.replace(/^\{attest\}\/|^\/.*\//, "") ?? "nothing"}`;
    default:
      return start satisfies never;
  }
}
