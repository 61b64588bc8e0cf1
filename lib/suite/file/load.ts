import { Report } from "../../spec/form.ts";
import type { Problem } from "../../spec/problem.ts";
import { readYaml } from "../../spec/yaml.ts";
import { buildCases, TYPED_DIALECT } from "./build.ts";
import type { Suite } from "./model.ts";
import type { Opening } from "./opening.ts";
import type { LoadOptions, SharedOpenings } from "./options.ts";
import { openingsFileForm, suiteForm, type WrittenSuite } from "./suite_form.ts";

export type { LoadOptions, SharedOpenings };

/** A suite, or the mistakes in its file. */
export interface LoadedSuite {
  /** Absent if there is any problem. */
  readonly suite?: Suite;
  readonly problems: readonly Problem[];
}

/**
 * Reads a suite file with openings inserted and rows expanded. Reports all mistakes at once, each with its
 * place. Never throws.
 */
export function loadSuite(text: string, file: string, options: LoadOptions = {}): LoadedSuite {
  const report = new Report();
  const shared = options.openings && loaded(options.openings);
  report.problems.push(...shared?.problems ?? []);
  const { root, problems } = readYaml(text, file);
  report.problems.push(...problems);
  if (!root) {
    if (problems.length === 0) {
      report.add("an empty file", { file, line: 1, column: 1, length: 1 }, "write suite: name");
    }
    return { problems: report.problems };
  }
  const written = suiteForm(text).read(root, report);
  if (!written) return { problems: report.problems };
  checkName(written, file, report);
  const openings = new Map<string, Opening>([...(shared?.openings ?? []), ...written.openings]);
  const { tests, cases } = buildCases(written, openings, options, report);
  if (report.problems.length > 0) return { problems: report.problems };
  const dialect = tests === "module" && !written.protocols ? written.dialect ?? TYPED_DIALECT : undefined;
  const { name, title } = written;
  return { suite: { name, title, tests, dialect, file, cases }, problems: [] };
}

/** Reads a file of openings once for all suites of its folder. Never throws. */
export function loadOpenings(text: string, file: string): SharedOpenings {
  const report = new Report();
  const { root, problems } = readYaml(text, file);
  report.problems.push(...problems);
  const openings = root && openingsFileForm(text).read(root, report);
  return { openings: openings ?? new Map(), problems: report.problems };
}

function loaded(openings: NonNullable<LoadOptions["openings"]>): SharedOpenings {
  return "text" in openings ? loadOpenings(openings.text, openings.file) : openings;
}

/** Reports a suite below a folder `suites` whose name differs from its path there. */
function checkName(written: WrittenSuite, file: string, report: Report): void {
  const path = file.replaceAll("\\", "/");
  const below = /(?:^|.*\/)suites\/(.+)\.ya?ml$/.exec(path)?.[1];
  if (below === undefined || written.name === "" || below === written.name) return;
  report.add(`suite "${written.name}" in the file of "${below}"`, written.namePlace, `write suite: ${below}`);
}
