import { fileKind } from "../../catalog/file_kind.ts";
import { HOME, shownPath } from "../../catalog/home.ts";
import { SUITES } from "../../catalog/suite_files.ts";
import { SuiteReader } from "../../catalog/suite_reader.ts";
import { readSuites } from "../../catalog/suites.ts";
import { readDataFile } from "../../catalog/data_file.ts";
import { readText } from "../../catalog/text_file.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { yamlFilesBelow, yamlFilesIn } from "../../catalog/yaml_files.ts";
import { loadProfile } from "../../load/profile/load_profile.ts";
import { formatProblems, type Problem } from "../../spec/problem.ts";
import { readYaml } from "../../spec/yaml.ts";
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
          } in ${urls.length === 1 ? "1 file" : `${urls.length} files`}`,
        );
      }
      screen.print(`${urls.length} files, no mistakes`);
    });
}

async function shipped(): Promise<readonly URL[]> {
  return [...await yamlFilesBelow(SUITES), ...await yamlFilesIn(new URL("expectations/", HOME))];
}

/** Finds the mistakes in a file. Its first key gives its kind. */
async function check(
  url: URL,
  text: string,
  reader: SuiteReader,
  sources: Map<string, string>,
): Promise<readonly Problem[]> {
  const file = shownPath(url);
  const kind = fileKind(text)?.kind;
  if (kind === "expectations") {
    const { suites } = await readSuites(reader);
    const ids = new Set(suites.flatMap((suite) => suite.cases.map((one) => one.id)));
    return loadExpectations(text, file, (id) => ids.has(id)).problems;
  }
  if (kind === "target") return loadTarget(text, file).problems;
  if (kind === "profile") {
    return loadProfile(text, file, new Map(), undefined, (path) => readDataFile(path, url)).problems;
  }
  if (kind === "dialect") return (await reader.suiteOfDialect(url)).problems;
  if (kind === "uncovered") {
    const { accounts, problems } = loadUncovered(text, file);
    return problems.length > 0 ? problems : uncoveredProblems(accounts, (await readSuites(reader)).suites);
  }
  if (kind === "openings") return loadOpenings(text, file).problems;
  const yaml = readYaml(text, file);
  if (kind === undefined && yaml.root && yaml.problems.length === 0 && !/^cases:/m.test(text)) {
    return [unknownKind(text, file)];
  }
  const read = await reader.suite(url);
  for (const [name, source] of read.sources) sources.set(name, source);
  return read.problems;
}

/** The mistake of a file of unknown kind. */
function unknownKind(text: string, file: string): Problem {
  return {
    message: "a file of unknown kind",
    place: { file, line: 1, column: 1, length: Math.max(1, [...text.split("\n", 1)[0] ?? ""].length) },
    hint: "write suite:, profile:, target:, dialect:, openings: or uncovered: first",
  };
}
