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

/** A target that the user names: a shipped one, a file, or an address. */
export interface NamedTarget {
  readonly file: TargetFile;
  /** Its file; absent for an address. */
  readonly url?: URL;
}

/** Returns the names of the shipped targets. */
export async function targetNames(): Promise<readonly string[]> {
  return await yamlNamesIn(TARGETS);
}

/** Returns the file of a shipped target. */
export function targetFile(name: string): URL {
  return new URL(`${name}.yaml`, TARGETS);
}

/**
 * Finds a target. `allowed` are the programs that the user allows a target file to start. Throws {@link
 * UsageError} for an unknown name, a file with mistakes or with a program that is not allowed, and an invalid
 * address.
 */
export async function findTarget(named: string, allowed: readonly string[] = []): Promise<NamedTarget> {
  if (looksLikeAddress(named)) return { file: await ofAddress(named) };
  // Without a scheme the message would call it a missing file and show the password.
  if (/^[^/@]*:[^@]*@/.test(named)) {
    throw new UsageError(
      "An address must begin with a scheme, such as mqtt://host:port, and must not contain a user name " +
        "or password; give --user NAME and --password-file FILE",
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
    throw new UsageError(`"${named}" is neither a target nor a file; did you mean ${address}?`);
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
    `Unknown target "${named}"; ` +
      `${near ?? '"deno task list --targets" shows the shipped ones; a file or an address is allowed too'}`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));
}

/**
 * Finds the targets of a run. Throws {@link UsageError} like {@link findTarget}, and if two targets have the
 * same name.
 */
export async function findTargets(
  named: readonly string[],
  allowed: readonly string[] = [],
): Promise<readonly NamedTarget[]> {
  const targets = await Promise.all(named.map((one) => findTarget(one, allowed)));
  const names = new Set<string>();
  for (const { file } of targets) {
    if (names.has(file.name)) {
      throw new UsageError(`Two targets of this run are called "${file.name}"; each needs a unique name`);
    }
    names.add(file.name);
  }
  return targets;
}

/** Reads a target file; `shipped` is its name if it is a shipped one. */
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
  // This import loads every transport, which a target with a file does not need until it is reached.
  const { targetOfAddress } = await import("../target/reach.ts");
  return targetOfAddress(text);
}
