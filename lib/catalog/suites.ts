import { nearest } from "../ground/nearest.ts";
import type { Suite } from "../suite/file/model.ts";
import { mayHoldCases, unmatchedPatterns } from "../suite/file/select.ts";
import { shippedSuiteFiles, type SuiteFile } from "./suite_files.ts";
import { type ReadSuites, SuiteReader } from "./suite_reader.ts";
import { otherKind } from "./other_kind.ts";
import { refuseProblems, UsageError } from "./usage_error.ts";
import { pathToFileURL } from "node:url";

/**
 * The shipped suites and those in files that the user names. A shipped suite is read only if a pattern could
 * match it. A user's suite replaces a shipped one of the same name.
 */
export class Suites {
  readonly #reader = new SuiteReader();
  readonly #shipped: readonly SuiteFile[];
  #own: readonly Suite[] = [];
  /** The suites that have been read, by name. */
  readonly #read = new Map<string, Suite>();

  private constructor(shipped: readonly SuiteFile[]) {
    this.#shipped = shipped;
  }

  /**
   * Finds the shipped suites and reads the files `own`. Throws {@link UsageError} for mistakes in these
   * files, and for two suites with one name.
   */
  static async find(own: readonly string[] = []): Promise<Suites> {
    const suites = new Suites(await shippedSuiteFiles());
    await suites.#readOwn(own);
    return suites;
  }

  /** The suites in the user's own files. */
  get own(): readonly Suite[] {
    return this.#own;
  }

  /** The names of all suites. */
  get names(): readonly string[] {
    return [...new Set([...this.#shipped, ...this.#own].map(({ name }) => name))];
  }

  /** Reads all suites. Throws {@link UsageError} for files with mistakes. */
  async all(): Promise<readonly Suite[]> {
    return await this.#named([]);
  }

  /**
   * Reads the suites that the patterns could match, or all without patterns. Throws {@link UsageError} for
   * files with mistakes, and for patterns that match no case.
   */
  async matching(patterns: readonly string[]): Promise<readonly Suite[]> {
    const suites = await this.#named(patterns);
    const unmatched = unmatchedPatterns(suites, patterns, this.names);
    if (unmatched.length === 0) return suites;
    const lines: string[] = [];
    const unknown: string[] = [];
    for (const { pattern, hint } of unmatched) {
      const other = await otherKind(pattern, "suite");
      if (other) lines.push(other);
      else unknown.push(`Unknown suite or case "${pattern}"${hint ? `; ${hint}` : ""}`);
    }
    if (unknown.length > 0) lines.push(...unknown, '"deno task list" shows the suites and cases');
    throw new UsageError(lines.join("\n"));
  }

  /**
   * Whether a case with this id may exist. The cases of an unread suite are unknown, so any id that begins
   * with its name may exist.
   */
  mayHave(id: string): boolean {
    return this.names.some((name) => {
      if (!id.startsWith(`${name}/`)) return false;
      const suite = this.#read.get(name);
      return !suite || suite.cases.some((one) => one.id === id);
    });
  }

  /** Suggests the nearest case of the suites that have been read (`did you mean ID?`), or returns undefined. */
  hintFor(id: string): string | undefined {
    const near = nearest(id, [...this.#read.values()].flatMap(({ cases }) => cases.map((one) => one.id)));
    return near === undefined ? undefined : `did you mean ${near}?`;
  }

  async #named(patterns: readonly string[]): Promise<readonly Suite[]> {
    const own = new Set(this.#own.map(({ name }) => name));
    const files = this.#shipped.filter(({ name }) => !own.has(name) && mayHoldCases(name, patterns));
    return [...this.#keep(await readFiles(this.#reader, files)), ...this.#own];
  }

  async #readOwn(paths: readonly string[]): Promise<void> {
    const urls = new Map(paths.map((path) => pathToFileURL(path)).map((url) => [url.href, url]));
    const read = merged(await Promise.all([...urls.values()].map((url) => this.#reader.suite(url))));
    const seen = new Map<string, Suite>();
    for (const suite of read.suites) {
      const before = seen.get(suite.name);
      if (before) {
        throw new UsageError(`The suite "${suite.name}" is in "${before.file}" and in "${suite.file}"`);
      }
      seen.set(suite.name, suite);
    }
    this.#own = this.#keep(read);
  }

  #keep({ suites, problems, sources }: ReadSuites): readonly Suite[] {
    refuseProblems(problems, sources);
    for (const suite of suites) this.#read.set(suite.name, suite);
    return suites;
  }
}

/** Reads all shipped suites, with their mistakes. */
export async function readSuites(reader: SuiteReader = new SuiteReader()): Promise<ReadSuites> {
  return await readFiles(reader, await shippedSuiteFiles());
}

async function readFiles(reader: SuiteReader, files: readonly SuiteFile[]): Promise<ReadSuites> {
  return merged(
    await Promise.all(
      files.map(({ url, ofDialect }) => ofDialect ? reader.suiteOfDialect(url) : reader.suite(url)),
    ),
  );
}

function merged(all: readonly ReadSuites[]): ReadSuites {
  return {
    suites: all.flatMap(({ suites }) => suites),
    problems: all.flatMap(({ problems }) => problems),
    sources: new Map(all.flatMap(({ sources }) => [...sources])),
  };
}
