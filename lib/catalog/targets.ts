import { suggest } from "../ground/nearest.ts";
import { formatProblems } from "../spec/problem.ts";
import { loadTarget, type TargetFile } from "../target/target_file.ts";
import { AddressError, looksLikeAddress, meantAddress, parseAddress } from "../transport/address.ts";
import { refusedPrograms } from "./allowed_programs.ts";
import { wrongKind } from "./file_kind.ts";
import { TARGETS } from "./folders.ts";
import { shownPath } from "./home.ts";
import { otherKind } from "./other_kind.ts";
import { readText } from "./text_file.ts";
import { UsageError } from "./usage_error.ts";
import { yamlNamesIn } from "./yaml_files.ts";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A target that the user names: one that ships, a file, or an address. */
export interface NamedTarget {
  readonly file: TargetFile;
  /** Its file; absent for an address. */
  readonly url?: URL;
}

/** The names of the targets that ship. */
export async function targetNames(): Promise<readonly string[]> {
  return await yamlNamesIn(TARGETS);
}

/** The file of a target that ships. */
export function targetFile(name: string): URL {
  return new URL(`${name}.yaml`, TARGETS);
}

/**
 * Finds a target. `allowed` are the programs that the user lets a target file start. Throws {@link UsageError} for an
 * unknown name, a file with mistakes or with a program that is not allowed, and a wrong address.
 */
export async function findTarget(named: string, allowed: readonly string[] = []): Promise<NamedTarget> {
  if (looksLikeAddress(named)) return { file: await ofAddress(named) };
  // Without a scheme it would be told as a file that is not there, and shown.
  if (/^[^/@]*:[^@]*@/.test(named)) {
    throw new UsageError(
      "An address begins with its scheme, such as mqtt://host:port, and takes no user name and no password; " +
        "give --user NAME and --password-file FILE",
    );
  }
  const names = await targetNames();
  if (names.includes(named)) return await readTarget(targetFile(named), allowed, named);
  const other = await otherKind(named, "target");
  if (other) throw new UsageError(other);
  if (/^\/dev\/./.test(named)) {
    throw new UsageError(`"${named}" is a device, not a target file; did you mean serial:${named}?`);
  }
  const address = meantAddress(named);
  if (address !== undefined && !await isThere(named)) {
    throw new UsageError(`There is no target and no file "${named}"; did you mean ${address}?`);
  }
  if (/[/.]/.test(named)) {
    if (!await isThere(named)) {
      throw new UsageError(
        `There is no file "${
          shownPath(pathToFileURL(named))
        }"; expected the path of a target file, an address such as ` +
          'mqtt://host:port, or a name that "deno task list --targets" shows',
      );
    }
    return await readTarget(pathToFileURL(named), allowed);
  }
  const near = suggest(named, names);
  throw new UsageError(
    `There is no target "${named}"; ${
      near ?? '"deno task list --targets" shows those that ship, and a file or an address will do too'
    }`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));
}

/** Finds the targets of a run. Throws {@link UsageError} like {@link findTarget}, and when two have the same name. */
export async function findTargets(
  named: readonly string[],
  allowed: readonly string[] = [],
): Promise<readonly NamedTarget[]> {
  const targets = await Promise.all(named.map((one) => findTarget(one, allowed)));
  const names = new Set<string>();
  for (const { file } of targets) {
    if (names.has(file.name)) {
      throw new UsageError(`Two targets of this run are called "${file.name}"; each needs a name of its own`);
    }
    names.add(file.name);
  }
  return targets;
}

/** Reads a target file; `shipped` is its name where it is one that ships. */
async function readTarget(url: URL, allowed: readonly string[], shipped?: string): Promise<NamedTarget> {
  const file = shownPath(url);
  const text = await readText(url);
  const wrong = wrongKind("target", text, file);
  if (wrong) throw new UsageError(formatProblems([wrong], new Map([[file, text]])));
  const { target, problems } = loadTarget(text, file);
  if (!target) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  const refused = refusedPrograms(target, { shipped, allowed });
  if (refused.length > 0) throw new UsageError(formatProblems(refused, new Map([[file, text]])));
  return { file: { ...target, folder: fileURLToPath(new URL(".", url)).replace(/\/$/, "") }, url };
}

async function ofAddress(text: string): Promise<TargetFile> {
  try {
    parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) throw new UsageError(error.message);
    throw error;
  }
  // This loads every transport, which a target that has a file does not need before it is reached.
  const { targetOfAddress } = await import("../target/reach.ts");
  return targetOfAddress(text);
}
