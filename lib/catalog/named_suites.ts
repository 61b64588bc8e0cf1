import type { Suite } from "../suite/file/model.ts";
import { plainName } from "../suite/file/select.ts";
import { shownPath } from "./home.ts";
import { fileKind } from "./file_kind.ts";
import { shippedSuiteFiles } from "./suite_files.ts";
import { Suites } from "./suites.ts";
import { readText } from "./text_file.ts";
import { UsageError } from "./usage_error.ts";
import { yamlFilesBelow } from "./yaml_files.ts";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The suites that a run selects from, and the patterns of its selection. */
export interface NamedSuites {
  readonly suites: readonly Suite[];
  readonly patterns: readonly string[];
  /** All suites; only the named ones have been read. */
  readonly known: Suites;
}

/**
 * Finds the suites that a user names, by names and globs or as own files or folders; without a name, all
 * suites. Throws UsageError for a file with mistakes, a folder without suites and a pattern without a match.
 */
export async function namedSuites(named: readonly string[]): Promise<NamedSuites> {
  const files: string[] = [];
  const globs: string[] = [];
  for (const one of named) {
    if (/\.ya?ml$/.test(one)) {
      await refuseMissing(one);
      files.push(one);
    } else if (await isOwnFolder(one)) files.push(...await suitesIn(one));
    else globs.push(one);
  }
  const known = await Suites.find(files);
  // With files alone nothing else runs; the names of their suites as patterns could match other suites too.
  if (files.length > 0 && globs.length === 0) return { suites: known.own, patterns: [], known };
  const patterns = [...globs, ...known.own.map(({ name }) => name)];
  return { suites: await known.matching(patterns), patterns, known };
}

async function refuseMissing(file: string): Promise<void> {
  const isThere = await Deno.stat(file).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));
  if (isThere) return;
  throw new UsageError(
    `There is no file "${shownPath(pathToFileURL(file))}"; expected the path of a suite file, or ` +
      `the name of a suite that "deno task list" shows`,
  );
}

/** Whether a word is a folder on disk and not a shipped one. */
async function isOwnFolder(word: string): Promise<boolean> {
  if (!await Deno.stat(word).then((found) => found.isDirectory, () => false)) return false;
  const name = plainName(word);
  return name !== "" && !(await shippedSuiteFiles()).some((suite) => suite.name.startsWith(`${name}/`));
}

/** Returns the paths of the suite files in a folder and below it. */
async function suitesIn(folder: string): Promise<readonly string[]> {
  const urls = await yamlFilesBelow(pathToFileURL(folder.replace(/\/*$/, "/")));
  const kinds = await Promise.all(urls.map(async (url) => fileKind(await readText(url))?.kind));
  const suites = urls.filter((_, at) => kinds[at] === "suite").map((url) => fileURLToPath(url));
  if (suites.length > 0) return suites;
  throw new UsageError(
    `The folder "${folder}" contains no suite; expected files that end in .yaml and begin with suite:`,
  );
}
