import { HOME, shownPath } from "../../catalog/home.ts";
import { SUITES } from "../../catalog/suite_files.ts";
import { SuiteReader } from "../../catalog/suite_reader.ts";
import { readSuites } from "../../catalog/suites.ts";
import { readText } from "../../catalog/text_file.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { yamlFilesBelow, yamlFilesIn } from "../../catalog/yaml_files.ts";
import { loadProfile } from "../../load/profile/load_profile.ts";
import { formatProblems, type Problem } from "../../spec/problem.ts";
import { loadOpenings } from "../../suite/file/load.ts";
import { loadUncovered, uncoveredProblems } from "../../suite/file/uncovered.ts";
import { loadExpectations } from "../../target/expectation_file.ts";
import { loadTarget } from "../../target/target_file.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";
import { pathToFileURL } from "node:url";

/** Makes the command `lint`. */
export function lintCommand(screen: Screen) {
  return new Command("lint")
    .argument("[files...]", "YAML files; default: all that ship")
    .action(async (paths) => {
      const urls = paths.length > 0 ? paths.map((path) => pathToFileURL(path)) : await shipped();
      const reader = new SuiteReader();
      const problems: Problem[] = [];
      const sources = new Map<string, string>();
      for (const url of urls) {
        const file = shownPath(url);
        const text = await readText(url);
        sources.set(file, text);
        problems.push(...await check(url, text, reader, sources));
      }
      if (problems.length > 0) {
        throw new UsageError(
          `${formatProblems(problems, sources)}\n${
            problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`
          } in ${urls.length} files`,
        );
      }
      screen.print(`${urls.length} files, no mistakes`);
    });
}

async function shipped(): Promise<readonly URL[]> {
  return [...await yamlFilesBelow(SUITES), ...await yamlFilesIn(new URL("expectations/", HOME))];
}

/** Finds the mistakes in a file, whose first key says of which kind it is. */
async function check(
  url: URL,
  text: string,
  reader: SuiteReader,
  sources: Map<string, string>,
): Promise<readonly Problem[]> {
  const file = shownPath(url);
  const first = /^([a-z]+):/m.exec(text)?.[1];
  if (first === "target" && /^expect:/m.test(text)) {
    const { suites } = await readSuites(reader);
    const ids = new Set(suites.flatMap((suite) => suite.cases.map((one) => one.id)));
    return loadExpectations(text, file, (id) => ids.has(id)).problems;
  }
  if (first === "target") return loadTarget(text, file).problems;
  if (first === "profile") return loadProfile(text, file).problems;
  if (first === "dialect") return (await reader.suiteOfDialect(url)).problems;
  if (first === "uncovered") {
    const { accounts, problems } = loadUncovered(text, file);
    return problems.length > 0 ? problems : uncoveredProblems(accounts, (await readSuites(reader)).suites);
  }
  if (first === "openings" && !/^suite:/m.test(text)) return loadOpenings(text, file).problems;
  const read = await reader.suite(url);
  for (const [name, source] of read.sources) sources.set(name, source);
  return read.problems;
}
