import { caseMarkdown } from "../../../reports/bug_report.ts";
import { compare, standingWord } from "../../../reports/comparison.ts";
import { caseName } from "../../../reports/case_name.ts";
import { failureText } from "../../../reports/failure_text.ts";
import { FORMAT_NAMES } from "../../../reports/format_name.ts";
import { readRunFile } from "../record/journal_file.ts";
import { readJournal } from "../../run/journal.ts";
import { caseRuns } from "../../run/standing.ts";
import type { RunResult } from "../../run/result.ts";
import { suggest } from "../../ground/nearest.ts";
import { Command } from "./command.ts";
import { formats } from "../options.ts";
import { writeReports } from "../record/recording.ts";
import type { ReadRun } from "./report_loads.ts";
import { runFolder } from "./run_parts.ts";
import { plainTable } from "../terminal/plain_table.ts";
import type { Screen } from "../terminal/screen.ts";
import { printLoadSummary } from "../terminal/load_summary.ts";
import { printSummary } from "../terminal/summary.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** Makes the command `report`, which passes its exit status to `exit`. */
export function reportCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("report")
    .argument(
      "<runs...>",
      "folders of runs, or their journal.ndjson; a folder that holds several runs of a load is a set of them",
    )
    .option(
      "--merge",
      "the runs are the shards of one load: add them up, and judge its thresholds on the sum",
    )
    .option(
      "--format <formats>",
      `reports, separated by commas: ${FORMAT_NAMES.join(", ")}; default html, junit, json`,
      formats,
    )
    .option("--out <folder>", "where the reports go; default: beside the journal")
    .option("--case <id>", "print one case: as text, or with --format markdown as a bug report")
    .action(async (names, options) => {
      const runs = (await Promise.all(names.map((name) => readRuns(screen, name)))).flat();
      const chosen = options.format ?? formats("html,junit,json");
      const { compareRuns, mergeRuns } = await import("./report_loads.ts");
      if (options.merge) {
        return exit(
          await mergeRuns(screen, await journalsOf(runs), options.out ?? runFolder("load"), chosen),
        );
      }
      if (runs.length > 1 && runs.some(({ result }) => result.load)) {
        return await compareRuns(screen, runs, options.out);
      }
      if (runs.length > 1) return printComparison(screen, names, runs.map(({ result }) => result));
      const [run] = runs;
      if (!run) return;
      const { path, result } = run;
      if (options.case !== undefined) {
        return printCase(screen, result, options.case, options.format?.includes("markdown") ?? false);
      }
      const folder = options.out ?? path.replace(/\/?[^/]*$/, "");
      const written = await writeReports(
        folder === "" ? "." : folder,
        result,
        chosen,
      );
      if (result.load) printLoadSummary(screen, result, written);
      else printSummary(screen, result, written);
    });
}

interface Found extends ReadRun {
  readonly path: string;
}

/** Reads a run, or all runs in a folder that `load --repeat` has written. */
async function readRuns(screen: Screen, name: string): Promise<readonly Found[]> {
  const folder = name.replace(/\/$/, "");
  for (const path of [name, `${folder}/journal.ndjson`]) {
    const found = await readRun(screen, name, path);
    if (found) return [found];
  }
  const found: Found[] = [];
  for (const path of await journalsIn(folder)) {
    const one = await readRun(screen, name, path);
    if (one) found.push(one);
  }
  if (found.length > 0) return found;
  throw new UsageError(
    `There is no run at "${name}": a folder with a journal.ndjson is due, or the journal itself`,
  );
}

async function journalsIn(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}/journal.ndjson`;
      if (isDirectory && await Deno.stat(path).then(() => true, () => false)) paths.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  return paths.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

async function readRun(screen: Screen, name: string, path: string): Promise<Found | undefined> {
  const run = await readRunFile(path).catch((error: unknown) => {
    if (error instanceof Deno.errors.IsADirectory) return undefined;
    throw error;
  });
  if (!run) return undefined;
  const { result, events, bytes, unknown, damaged } = run;
  if (events === 0 && bytes > 0 && damaged?.line === 1) {
    screen.complain(`"${path}" holds no whole line of a journal`);
  }
  if (damaged) {
    screen.complain(`${path}:${damaged.line}: ${damaged.reason}; what stands around it is rendered`);
  }
  if (unknown > 0) {
    screen.complain(`${path}: ${unknown} lines of a kind that this version does not know are passed over`);
  }
  return { name, path, result };
}

/** Reads all events of shards. */
function journalsOf(runs: readonly Found[]) {
  return Promise.all(
    runs.map(async ({ path }) => ({ name: path, events: readJournal(await Deno.readFile(path)).events })),
  );
}

function printComparison(screen: Screen, names: readonly string[], results: readonly RunResult[]): void {
  const differences = compare(results);
  if (differences.length > 0) {
    const head = ["case", "target", "protocol", ...names];
    const rows = differences.map((
      one,
    ) => [one.id, one.target, one.protocol, ...one.standings.map(standingWord)]);
    screen.print(`${plainTable(head, rows)}\n`);
  }
  for (const [index, { totals }] of results.entries()) {
    screen.print(`${names[index]}: ${totals.pass} of ${caseRuns(totals)} passed, ${totals.fail} failed`);
  }
  screen.print(
    differences.length === 0 ? "Every case came out the same" : `${differences.length} cases differ`,
  );
}

function printCase(screen: Screen, result: RunResult, id: string, markdown: boolean): void {
  const cases = result.cases.filter((one) => one.id === id);
  if (cases.length === 0) {
    const near = suggest(id, result.cases.map((one) => one.id));
    throw new UsageError(`The run has no case "${id}"${near ? `; ${near}` : ""}`);
  }
  for (const one of cases) {
    if (markdown) screen.print(caseMarkdown(one, result));
    else screen.print(one.failure || one.reason ? failureText(one) : `${caseName(one)}: ${one.verdict}`);
  }
}
