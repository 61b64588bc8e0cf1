import type { CaseResult } from "../run/result.ts";
import { formatProblems } from "../spec/problem.ts";
import { formatExpectations, type KnownDeviation, loadExpectations } from "../target/expectation_file.ts";
import { findingFor, type KnownFinding } from "../target/known_finding.ts";
import { updatedExpectations } from "../target/update_expectations.ts";
import { wrongKind } from "./file_kind.ts";
import { shownPath } from "./home.ts";
import type { NamedTarget } from "./targets.ts";
import { type Naming, readNamedText } from "./text_file.ts";
import { UsageError } from "./usage_error.ts";
import { writeWhole } from "./whole_file.ts";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The options of a run for its known deviations. */
export interface ExpectationOptions {
  /** A file that replaces the targets' own, or false for none. */
  readonly expect?: string | boolean | undefined;
  readonly updateExpect?: true | undefined;
}

/** The known deviations of a run's targets, and their files. */
export interface KnownDeviations {
  readonly byTarget: ReadonlyMap<string, readonly KnownDeviation[]>;
  /** By target name: the deviations that are listed by what is wrong rather than by case. */
  readonly findings: ReadonlyMap<string, readonly KnownFinding[]>;
  /** The file of each target, by the target's name. A file that is to be written need not exist yet. */
  readonly files: ReadonlyMap<string, URL>;
}

/**
 * Reads the known deviations of a run from the file of `--expect`, or from the targets' own files. The file
 * of `--expect` belongs to the run's only target, or otherwise to the target that it names. `known` says
 * whether a case exists; `near` suggests a case for an unknown id. Throws {@link UsageError}.
 */
export async function readKnown(
  targets: readonly NamedTarget[],
  options: ExpectationOptions,
  known: (id: string) => boolean,
  near?: (id: string) => string | undefined,
): Promise<KnownDeviations> {
  if (options.expect === false) {
    if (options.updateExpect) throw new UsageError("--no-expect and --update-expect exclude each other");
    return { byTarget: new Map(), findings: new Map(), files: new Map() };
  }
  const byTarget = new Map<string, readonly KnownDeviation[]>();
  const findings = new Map<string, readonly KnownFinding[]>();
  const files = new Map<string, URL>();
  if (typeof options.expect === "string") {
    const given = pathToFileURL(options.expect);
    if (!options.updateExpect && !await exists(given)) {
      throw new UsageError(
        `There is no file "${shownPath(given)}"; expected a file of known deviations, which ` +
          "--update-expect can write",
      );
    }
    const read = options.updateExpect && !await exists(given)
      ? undefined
      : await readExpectations(given, known, near);
    const name = targetOf(targets, read?.target, given);
    files.set(name, given);
    if (read) byTarget.set(name, read.expectations);
    if (read) findings.set(name, read.findings);
    return { byTarget, findings, files };
  }
  for (const { file, url } of targets) {
    if (!url || !file.expectations) continue;
    const own = pathToFileURL(resolve(dirname(fileURLToPath(url)), file.expectations));
    files.set(file.name, own);
    if (options.updateExpect && !await exists(own)) continue;
    const place = file.places?.expectations;
    const read = await readExpectations(own, known, near, place && { url, place });
    byTarget.set(file.name, read.expectations);
    findings.set(file.name, read.findings);
  }
  if (options.updateExpect && files.size === 0) {
    throw new UsageError("No target of this run has an expectation file; name one with --expect FILE");
  }
  return { byTarget, findings, files };
}

/** Writes the deviations of a run into its targets' files. Returns a sentence for each file. */
export async function writeKnown(
  known: KnownDeviations,
  cases: readonly CaseResult[],
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [target, url] of known.files) {
    const ofTarget = cases.filter((one) => one.target === target);
    if (ofTarget.length === 0) continue;
    const findings = known.findings.get(target) ?? [];
    // What a finding explains needs no entry of its own.
    const unexplained = ofTarget.filter((one) => !findingFor(findings, one.protocol, one));
    const updated = updatedExpectations(known.byTarget.get(target) ?? [], unexplained);
    await writeWhole(fileURLToPath(url), formatExpectations(target, updated, findings));
    const count = updated.length === 1 ? "1 deviation" : `${updated.length} deviations`;
    written.push(`${count} of ${target} in ${shownPath(url)}`);
  }
  return written;
}

async function readExpectations(
  url: URL,
  known: (id: string) => boolean,
  near: ((id: string) => string | undefined) | undefined,
  naming?: Naming,
): Promise<Pick<ReturnType<typeof loadExpectations>, "target" | "expectations" | "findings">> {
  const file = shownPath(url);
  const text = await readNamedText(url, naming, "remove the key, or write the file with --update-expect");
  const wrong = wrongKind("expectations", text, file);
  if (wrong) throw new UsageError(formatProblems([wrong], new Map([[file, text]])));
  const { problems, ...read } = loadExpectations(text, file, known, near);
  if (problems.length > 0) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  return read;
}

/** Returns the target that the file of `--expect` belongs to. */
function targetOf(targets: readonly NamedTarget[], named: string | undefined, url: URL): string {
  const names = targets.map(({ file }) => file.name);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  if (named !== undefined && names.includes(named)) return named;
  throw new UsageError(
    named === undefined
      ? `"${shownPath(url)}" can be written for one target only, but this run has ` +
        `${names.join(" and ")}; add --target`
      : `"${shownPath(url)}" is for the target "${named}", but this run has ${names.join(" and ")}`,
  );
}

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}
