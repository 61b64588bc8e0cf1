import { formatProblems } from "../spec/problem.ts";
import { suggest } from "../ground/nearest.ts";
import { type CommandSet, loadDialect } from "../suite/dialect/dialect_file.ts";
import { type KnownDeviation, loadExpectations } from "../target/expectation_file.ts";
import { withDetectedProtocols } from "../target/detect.ts";
import { targetOfAddress } from "../target/reach.ts";
import { loadTarget, type TargetFile } from "../target/target_file.ts";
import { AddressError, looksLikeAddress, parseAddress } from "../transport/address.ts";
import { HOME, shownPath } from "./home.ts";
import { readText } from "./suites.ts";
import { UsageError } from "./usage_error.ts";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A target as the command line names it: a file that ships, a file of the user's, or an address. */
export interface NamedTarget {
  readonly file: TargetFile;
  /** Where its file lies; absent for an address. */
  readonly url?: URL;
}

/** The names of the targets that ship. */
export async function targetNames(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL("suites/targets/", HOME))) {
    if (entry.name.endsWith(".yaml")) names.push(entry.name.slice(0, -".yaml".length));
  }
  return names.sort();
}

/** Finds a target. Throws {@link UsageError}: there is none of that name, its file is wrong, or the address is. */
export async function findTarget(named: string): Promise<NamedTarget> {
  if (looksLikeAddress(named)) return { file: await withDetectedProtocols(ofAddress(named)) };
  const names = await targetNames();
  if (names.includes(named)) return await readTarget(new URL(`suites/targets/${named}.yaml`, HOME));
  if (/[/.]/.test(named)) return await readTarget(pathToFileURL(named));
  const near = suggest(named, names);
  throw new UsageError(
    `There is no target "${named}"; ${
      near ?? `those that ship are ${names.join(", ")}, and a file or an address will do too`
    }`,
  );
}

/** Finds the targets of a run. Throws {@link UsageError} like {@link findTarget}, and when two have the same name. */
export async function findTargets(named: readonly string[]): Promise<readonly NamedTarget[]> {
  const targets = await Promise.all(named.map(findTarget));
  const names = new Set<string>();
  for (const { file } of targets) {
    if (names.has(file.name)) {
      throw new UsageError(`Two targets of this run are called "${file.name}"; each needs a name of its own`);
    }
    names.add(file.name);
  }
  return targets;
}

/** The command set of this name. Throws {@link UsageError}. */
export async function readDialect(name: string): Promise<CommandSet> {
  const url = new URL(`suites/at/dialects/${name}.yaml`, HOME);
  const text = await readText(url);
  const file = shownPath(url);
  const { commandSet, problems } = loadDialect(text, file);
  if (!commandSet) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  return commandSet;
}

/** Reads the known deviations of a target. `known` tells whether a case exists. Throws {@link UsageError}. */
export async function readExpectations(
  url: URL,
  known: (id: string) => boolean,
): Promise<{ readonly target?: string | undefined; readonly expectations: readonly KnownDeviation[] }> {
  const file = shownPath(url);
  const text = await readText(url);
  const { problems, ...read } = loadExpectations(text, file, known);
  if (problems.length > 0) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  return read;
}

async function readTarget(url: URL): Promise<NamedTarget> {
  const file = shownPath(url);
  const text = await readText(url);
  const { target, problems } = loadTarget(text, file);
  if (!target) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  return { file: { ...target, folder: fileURLToPath(new URL(".", url)).replace(/\/$/, "") }, url };
}

function ofAddress(text: string): TargetFile {
  try {
    parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) throw new UsageError(error.message);
    throw error;
  }
  return targetOfAddress(text);
}
