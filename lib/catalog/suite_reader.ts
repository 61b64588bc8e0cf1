import type { Problem } from "../spec/problem.ts";
import { loadDialect } from "../suite/dialect/dialect_file.ts";
import { loadLimits } from "../suite/dialect/load_limits.ts";
import { loadOpenings, loadSuite, type SharedOpenings } from "../suite/file/load.ts";
import type { Suite } from "../suite/file/model.ts";
import { clauseIds, hasClause } from "./clauses.ts";
import { wrongKind } from "./file_kind.ts";
import { shownPath } from "./home.ts";
import { SUITES } from "./suite_files.ts";
import { readText } from "./text_file.ts";

/** The suites that were read, and the mistakes in their files. */
export interface ReadSuites {
  readonly suites: readonly Suite[];
  readonly problems: readonly Problem[];
  /** The texts of the files by name, for messages. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads suites from files, each file once. Checks suites against the clauses of every protocol, and adds the
 * openings of their folder, which are parsed once for all suites.
 */
export class SuiteReader {
  readonly #files = new Map<string, Promise<ReadSuites>>();
  readonly #openings = new Map<string, Promise<FolderOpenings | undefined>>();

  /** Reads a suite file. Throws UsageError if it cannot be read. */
  suite(url: URL): Promise<ReadSuites> {
    return this.#once(url, async () => {
      const [text, openings] = await Promise.all([readText(url), this.#openingsBeside(url)]);
      const wrong = wrongKind("suite", text, shownPath(url));
      if (wrong) return resultOf(undefined, [wrong], [[shownPath(url), text]]);
      const { suite, problems } = loadSuite(text, shownPath(url), optionsWith(openings));
      return resultOf(suite, problems, [[shownPath(url), text], ...openings?.source ?? []]);
    });
  }

  /** Reads the suite that a dialect's grammar makes; it has the openings of its folder. Throws UsageError like {@link suite}. */
  suiteOfDialect(url: URL): Promise<ReadSuites> {
    return this.#once(url, async () => {
      const text = await readText(url);
      const file = shownPath(url);
      const { commandSet, problems } = loadDialect(text, file);
      if (!commandSet?.limits) return resultOf(undefined, problems, [[file, text]]);
      const { limits } = commandSet;
      const openings = await this.#openingsBeside(new URL(folderOf(limits), SUITES));
      const loaded = loadLimits(limits, file, optionsWith(openings));
      return resultOf(loaded.suite, [...problems, ...loaded.problems], [[file, text]]);
    });
  }

  #once(url: URL, read: () => Promise<ReadSuites>): Promise<ReadSuites> {
    const reading = this.#files.get(url.href) ?? read();
    this.#files.set(url.href, reading);
    return reading;
  }

  #openingsBeside(file: URL): Promise<FolderOpenings | undefined> {
    const url = new URL("openings.yaml", file);
    const reading = this.#openings.get(url.href) ?? readOpenings(url);
    this.#openings.set(url.href, reading);
    return reading;
  }
}

/** The openings of a folder with the text of their file. */
interface FolderOpenings {
  readonly shared: SharedOpenings;
  readonly source: readonly (readonly [file: string, text: string])[];
}

async function readOpenings(url: URL): Promise<FolderOpenings | undefined> {
  // Most user folders have none.
  const text = await Deno.readTextFile(url).catch(() => undefined);
  const file = shownPath(url);
  return text === undefined ? undefined : { shared: loadOpenings(text, file), source: [[file, text]] };
}

function optionsWith(openings: FolderOpenings | undefined) {
  return { openings: openings?.shared, clauses: hasClause, clauseIds };
}

function resultOf(
  suite: Suite | undefined,
  problems: readonly Problem[],
  sources: readonly (readonly [file: string, text: string])[],
): ReadSuites {
  return { suites: suite ? [suite] : [], problems, sources: new Map(sources) };
}

/** The folder of the suite that a grammar makes: `at/` of `at/limits`. */
function folderOf({ text }: { readonly text: string }): string {
  return /^suite: "?([^"\s]*\/)/.exec(text)?.[1] ?? "at/";
}
