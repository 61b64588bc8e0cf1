import { loadProfile } from "../../load/profile/load_profile.ts";
import { formatProblems, type Problem } from "../../spec/problem.ts";
import { loadOpenings } from "../../suite/file/load.ts";
import { loadUncovered, uncoveredProblems } from "../../suite/file/uncovered.ts";
import { loadExpectations } from "../../target/expectation_file.ts";
import { loadTarget } from "../../target/target_file.ts";
import { Command } from "./command.ts";
import { HOME, shownPath } from "../../catalog/home.ts";
import { readLimitsOf, readSuiteFiles, readSuites, readText, UNCOVERED } from "../../catalog/suites.ts";
import type { Screen } from "../terminal/screen.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { pathToFileURL } from "node:url";

/** `attest lint`. */
export function lintCommand(screen: Screen) {
  return new Command("lint")
    .description(
      "Check YAML files of every kind, and that each clause has a case or a reason; run nothing. All mistakes are told at once.",
    )
    .argument("[files...]", "YAML files; default: all that ship")
    .action(async (paths) => {
      const urls = paths.length > 0 ? paths.map((path) => pathToFileURL(path)) : await shipped();
      const problems: Problem[] = [];
      const sources = new Map<string, string>();
      for (const url of urls) {
        const file = shownPath(url);
        const text = await readText(url);
        sources.set(file, text);
        problems.push(...await check(url, file, text, sources));
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
  const { sources } = await readSuites();
  const files = [...[...sources.keys()].map((file) => pathToFileURL(file)), UNCOVERED];
  for (const folder of ["suites/targets/", "suites/load/", "expectations/"]) {
    const entries = await Array.fromAsync(Deno.readDir(new URL(folder, HOME))).catch(() => []);
    files.push(
      ...entries.filter(({ name }) => name.endsWith(".yaml")).map(({ name }) => new URL(folder + name, HOME)),
    );
  }
  return files;
}

/** What kind of file it is follows from its first key. */
async function check(
  url: URL,
  file: string,
  text: string,
  sources: Map<string, string>,
): Promise<readonly Problem[]> {
  const first = /^([a-z]+):/m.exec(text)?.[1];
  if (first === "target" && /^expect:/m.test(text)) {
    const { suites } = await readSuites();
    const ids = new Set(suites.flatMap((suite) => suite.cases.map((one) => one.id)));
    return loadExpectations(text, file, (id) => ids.has(id)).problems;
  }
  if (first === "target") return loadTarget(text, file).problems;
  if (first === "profile") return loadProfile(text, file).problems;
  if (first === "dialect") return (await readLimitsOf(url)).problems;
  if (first === "uncovered") {
    const { accounts, problems } = loadUncovered(text, file);
    return problems.length > 0 ? problems : uncoveredProblems(accounts, (await readSuites()).suites);
  }
  if (first === "openings" && !/^suite:/m.test(text)) return loadOpenings(text, file);
  const read = await readSuiteFiles([url]);
  for (const [name, source] of read.sources) sources.set(name, source);
  return read.problems;
}
