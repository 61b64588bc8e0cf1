import { messageOf } from "../ground/error_message.ts";
import { clause as moduleClause, clauses as moduleClauses } from "../at/clauses.ts";
import { clause as mqttClause, clauses as mqttClauses } from "../mqtt/clauses.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import { formatProblems, type Problem } from "../spec/problem.ts";
import { loadDialect } from "../suite/dialect/dialect_file.ts";
import { loadSuite } from "../suite/file/load.ts";
import { loadLimits } from "../suite/dialect/load_limits.ts";
import type { Suite } from "../suite/file/model.ts";
import { type Account, loadUncovered } from "../suite/file/uncovered.ts";
import { commandSet as protocolOf } from "../target/target_file.ts";
import { HOME, shownPath } from "./home.ts";
import { UsageError } from "./usage_error.ts";
import { pathToFileURL } from "node:url";

/** Suite files as they were read, right or wrong. */
export interface SuiteFiles {
  readonly suites: readonly Suite[];
  readonly problems: readonly Problem[];
  /** The texts of the files by their names, for messages. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Folders and files below `suites/` that hold other things than suites. */
const NO_SUITES: readonly string[] = ["targets", "load", "dialects", "openings.yaml", "uncovered.yaml"];

/** The file of the clauses that no case of the shipped suites can cover. */
export const UNCOVERED = new URL("suites/uncovered.yaml", HOME);

/**
 * Reads the suites that ship, and those of the files in `extra`, which go before one of the same name that ships. All
 * mistakes are gathered; `own` are the suites of `extra`. Throws {@link UsageError} when two of these have one name.
 */
export async function readSuites(
  extra: readonly string[] = [],
): Promise<SuiteFiles & { readonly own: readonly Suite[] }> {
  const named = new Map(extra.map((path) => pathToFileURL(path)).map((url) => [url.href, url]));
  const shipped = await Array.fromAsync(suiteFilesBelow(new URL("suites/", HOME)));
  const others = shipped.filter(({ href }) => !named.has(href)).sort((a, b) => a.href < b.href ? -1 : 1);
  const read = withLimits(await readSuiteFiles([...others, ...named.values()]), await readLimits());
  const files = new Set([...named.values()].map(shownPath));
  const own = new Map<string, Suite>();
  for (const suite of read.suites.filter(({ file }) => files.has(file))) {
    const before = own.get(suite.name);
    if (before) {
      throw new UsageError(`The suite "${suite.name}" is in "${before.file}" and in "${suite.file}"`);
    }
    own.set(suite.name, suite);
  }
  return {
    ...read,
    suites: [...read.suites.filter(({ name }) => !own.has(name)), ...own.values()],
    own: [...own.values()],
  };
}

/** The suites that follow from the grammars of the dialects that ship. */
async function readLimits(): Promise<SuiteFiles> {
  const folder = new URL("suites/at/dialects/", HOME);
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files = entries.filter((one) => one.name.endsWith(".yaml")).sort(byName);
  const read = await Promise.all(files.map(({ name }) => readLimitsOf(new URL(name, folder))));
  return {
    suites: read.flatMap(({ suites }) => suites),
    problems: read.flatMap(({ problems }) => problems),
    sources: new Map(read.flatMap(({ sources }) => [...sources])),
  };
}

/** The suite that follows from the grammar of one dialect file, and all that is wrong with that file. */
export async function readLimitsOf(url: URL): Promise<SuiteFiles> {
  const file = shownPath(url);
  const text = await readText(url);
  const sources = new Map([[file, text]]);
  const { commandSet, problems } = loadDialect(text, file);
  if (!commandSet?.limits) return { suites: [], problems, sources };
  const openings = new URL("suites/at/openings.yaml", HOME);
  const loaded = loadLimits(commandSet.limits, file, protocolOf(commandSet.dialect.name), {
    openings: { text: await readText(openings), file: shownPath(openings) },
    clauses: hasClause,
    clauseIds,
  });
  return { suites: loaded.suite ? [loaded.suite] : [], problems: [...problems, ...loaded.problems], sources };
}

function withLimits(read: SuiteFiles, limits: SuiteFiles): SuiteFiles {
  return {
    suites: [...read.suites, ...limits.suites],
    problems: [...read.problems, ...limits.problems],
    sources: new Map([...read.sources, ...limits.sources]),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** Why no case covers some clauses, by kind of target and protocol. Throws {@link UsageError} for a file with mistakes. */
export async function readUncovered(): Promise<readonly Account[]> {
  const file = shownPath(UNCOVERED);
  const text = await readText(UNCOVERED);
  const { accounts, problems } = loadUncovered(text, file);
  refuseProblems({ problems, sources: new Map([[file, text]]) });
  return accounts;
}

/** Reads suite files, each with the openings of its folder. Throws {@link UsageError} for one that can't be read. */
export async function readSuiteFiles(files: readonly URL[]): Promise<SuiteFiles> {
  const suites: Suite[] = [];
  const problems: Problem[] = [];
  const sources = new Map<string, string>();
  for (const url of files) {
    const file = shownPath(url);
    const text = await readText(url);
    sources.set(file, text);
    const openingsUrl = new URL("openings.yaml", url);
    const openings = await Deno.readTextFile(openingsUrl).catch(() => undefined);
    const openingsFile = shownPath(openingsUrl);
    if (openings !== undefined) sources.set(openingsFile, openings);
    const loaded = loadSuite(text, file, {
      ...(openings === undefined ? {} : { openings: { text: openings, file: openingsFile } }),
      clauses: hasClause,
      clauseIds,
    });
    problems.push(...loaded.problems);
    if (loaded.suite) suites.push(loaded.suite);
  }
  return { suites, problems, sources };
}

/** Whether a protocol has a clause. */
export function hasClause(protocol: string, id: string): boolean {
  return (isProtocolVersion(protocol) ? mqttClause(protocol, id) : moduleClause(id)) !== undefined;
}

/** The ids of a protocol's clauses. */
export function clauseIds(protocol: string): readonly string[] {
  return (isProtocolVersion(protocol) ? mqttClauses(protocol) : moduleClauses()).map(({ id }) => id);
}

/** Throws a {@link UsageError} that tells all problems, if there are any. */
export function refuseProblems(files: Pick<SuiteFiles, "problems" | "sources">): void {
  if (files.problems.length === 0) return;
  const count = files.problems.length === 1 ? "1 mistake" : `${files.problems.length} mistakes`;
  throw new UsageError(`${formatProblems(files.problems, files.sources)}\n${count}; nothing was run`);
}

/** The text of a file. Throws {@link UsageError} with a sentence when it can't be read. */
export async function readText(url: URL): Promise<string> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    const path = shownPath(url);
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`There is no file "${path}"`);
    if (error instanceof Deno.errors.IsADirectory) throw new UsageError(`"${path}" is a folder, not a file`);
    throw new UsageError(
      `"${path}" can't be read: ${messageOf(error)}`,
    );
  }
}

async function* suiteFilesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (NO_SUITES.includes(entry.name)) continue;
    if (entry.isDirectory) yield* suiteFilesBelow(new URL(`${entry.name}/`, folder));
    else if (entry.isFile && entry.name.endsWith(".yaml")) yield new URL(entry.name, folder);
  }
}
