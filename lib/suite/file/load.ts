import { Report } from "../../spec/form.ts";
import type { Problem } from "../../spec/problem.ts";
import { readYaml } from "../../spec/yaml.ts";
import { buildCases } from "./build.ts";
import type { Suite } from "./model.ts";
import type { Opening } from "./opening.ts";
import type { LoadOptions } from "./options.ts";
import { openingsFileForm, suiteForm, type WrittenSuite } from "./suite_form.ts";

export type { LoadOptions };

/** A suite, or what is wrong with its file. */
export interface LoadedSuite {
  /** Absent when there is any problem. */
  readonly suite?: Suite;
  readonly problems: readonly Problem[];
}

/**
 * Reads a suite file: its steps, openings in place, rows expanded. All mistakes are told at once, each with its place.
 * Never throws.
 */
export function loadSuite(text: string, file: string, options: LoadOptions = {}): LoadedSuite {
  const report = new Report();
  const shared = options.openings
    ? readOpenings(options.openings.text, options.openings.file, report)
    : undefined;
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
  const openings = new Map<string, Opening>([...(shared ?? []), ...written.openings]);
  const { tests, cases } = buildCases(written, openings, options, report);
  if (report.problems.length > 0) return { problems: report.problems };
  return { suite: { name: written.name, title: written.title, tests, file, cases }, problems: [] };
}

/** Checks a file of shared openings on its own. */
export function loadOpenings(text: string, file: string): readonly Problem[] {
  const report = new Report();
  readOpenings(text, file, report);
  return report.problems;
}

function readOpenings(text: string, file: string, report: Report): ReadonlyMap<string, Opening> | undefined {
  const { root, problems } = readYaml(text, file);
  report.problems.push(...problems);
  return root ? openingsFileForm(text).read(root, report) : undefined;
}

/** A suite below a folder `suites` is named for its path there. */
function checkName(written: WrittenSuite, file: string, report: Report): void {
  const path = file.replaceAll("\\", "/");
  const below = /(?:^|.*\/)suites\/(.+)\.ya?ml$/.exec(path)?.[1];
  if (below === undefined || written.name === "" || below === written.name) return;
  report.add(`suite "${written.name}" in the file of "${below}"`, written.namePlace, `write suite: ${below}`);
}
