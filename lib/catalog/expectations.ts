import type { CaseResult } from "../run/result.ts";
import type { Suite } from "../suite/file/model.ts";
import { formatExpectations, type KnownDeviation } from "../target/expectation_file.ts";
import { shownPath } from "./home.ts";
import { writeWhole } from "./whole_file.ts";
import { type NamedTarget, readExpectations } from "./targets.ts";
import { updatedExpectations } from "../target/update_expectations.ts";
import { UsageError } from "./usage_error.ts";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What the command line says of expectations: `expect` is a file, or false for none. */
export interface Expecting {
  readonly expect?: string | boolean;
  readonly updateExpect?: true;
}

/** The known deviations of a run's targets, and the files that they stand in. */
export interface KnownDeviations {
  readonly byTarget: ReadonlyMap<string, readonly KnownDeviation[]>;
  /** The file of a target, by its name; there need not be one yet where it is to be written. */
  readonly files: ReadonlyMap<string, URL>;
}

/**
 * Reads the known deviations: of the file that `--expect` names, or of the targets' own files. A file named there is
 * for the one target of the run, or for the one that it names itself. Throws {@link UsageError}.
 */
export async function readKnown(
  targets: readonly NamedTarget[],
  options: Expecting,
  suites: readonly Suite[],
): Promise<KnownDeviations> {
  if (options.expect === false) {
    if (options.updateExpect) throw new UsageError("--no-expect and --update-expect exclude each other");
    return { byTarget: new Map(), files: new Map() };
  }
  const ids = new Set(suites.flatMap((suite) => suite.cases.map((one) => one.id)));
  const known = (id: string) => ids.has(id);
  const byTarget = new Map<string, readonly KnownDeviation[]>();
  const files = new Map<string, URL>();
  const given = typeof options.expect === "string" ? pathToFileURL(options.expect) : undefined;
  if (given) {
    const read = options.updateExpect && !await exists(given)
      ? undefined
      : await readExpectations(given, known);
    const name = targetOf(targets, read?.target, given);
    files.set(name, given);
    if (read) byTarget.set(name, read.expectations);
    return { byTarget, files };
  }
  for (const { file, url } of targets) {
    if (!url || !file.expectations) continue;
    const own = pathToFileURL(resolve(dirname(fileURLToPath(url)), file.expectations));
    files.set(file.name, own);
    if (options.updateExpect && !await exists(own)) continue;
    byTarget.set(file.name, (await readExpectations(own, known)).expectations);
  }
  if (options.updateExpect && files.size === 0) {
    throw new UsageError("No target of this run has an expectation file; name one with --expect FILE");
  }
  return { byTarget, files };
}

/** Writes what a run deviated by into the files of its targets; gives a sentence for each file. */
export async function writeKnown(
  known: KnownDeviations,
  cases: readonly CaseResult[],
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [target, url] of known.files) {
    const ofTarget = cases.filter((one) => one.target === target);
    if (ofTarget.length === 0) continue;
    const updated = updatedExpectations(known.byTarget.get(target) ?? [], ofTarget);
    await writeWhole(fileURLToPath(url), formatExpectations(target, updated));
    const count = updated.length === 1 ? "1 deviation" : `${updated.length} deviations`;
    written.push(`${count} of ${target} in ${shownPath(url)}`);
  }
  return written;
}

function targetOf(targets: readonly NamedTarget[], named: string | undefined, url: URL): string {
  const names = targets.map(({ file }) => file.name);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  if (named !== undefined && names.includes(named)) return named;
  throw new UsageError(
    named === undefined
      ? `"${shownPath(url)}" is to be written for one target, and this run has ${
        names.join(" and ")
      }; add --target`
      : `"${shownPath(url)}" is for the target "${named}", and this run has ${names.join(" and ")}`,
  );
}

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}
