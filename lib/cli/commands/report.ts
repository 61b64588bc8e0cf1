import { caseMarkdown, findingMarkdown } from "../../../reports/bug_report.ts";
import {
  compare,
  differenceText,
  type NamedRun,
  renderComparisonJson,
  renderComparisonMarkdown,
  standingWord,
} from "../../../reports/comparison.ts";
import { caseName } from "../../../reports/case_name.ts";
import { failureText } from "../../../reports/failure_text.ts";
import { FORMAT_NAMES, type FormatName } from "../../../reports/format_name.ts";
import { makeResultsFolder } from "../record/results_folder.ts";
import { readRunFile } from "../record/journal_file.ts";
import { readJournal } from "../../run/journal.ts";
import { findingsOf } from "../../run/findings.ts";
import { caseRuns } from "../../run/standing.ts";
import type { RunResult } from "../../run/result.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import { messageOf } from "../../ground/error_message.ts";
import { formatProblems } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { ellipsis } from "../../ground/text.ts";
import { Command } from "./command.ts";
import { formats, wholeNumber } from "../options.ts";
import { writeReports } from "../record/recording.ts";
import type { ReadRun } from "./report_loads.ts";
import { reportFormats, writeSite } from "./report_site.ts";
import { runFolder } from "./run_parts.ts";
import { plainTable } from "../terminal/plain_table.ts";
import type { Screen } from "../terminal/screen.ts";
import { printLoadSummary } from "../terminal/load_summary.ts";
import { printFinding, printSummary } from "../terminal/summary.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** Makes the command `report`, which passes its exit status to `exit`. */
export function reportCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("report")
    .argument(
      "<runs...>",
      "folders of runs, or their journal.ndjson; a folder with several runs of a load counts as a set",
    )
    .option(
      "--merge",
      "treat the runs as shards of one load: add them up, and judge the thresholds on the sum",
    )
    .option(
      "--format <formats>",
      `reports, separated by commas: ${
        FORMAT_NAMES.join(", ")
      }; default html, junit, json; or site: pages to publish, made from all the runs`,
      reportFormats,
    )
    .option(
      "--out <folder>",
      "folder for the reports; default: beside the journal; for several runs, the folder of the comparison; for a site, default results/<time>-site",
    )
    .option("--no-full-reports", "with --format site: leave out the full report of each run")
    .option("--case <id>", "print one case, as text or, with --format markdown, as a bug report")
    .option(
      "--finding <number>",
      "print one finding by its smallest case and the names of its other cases, as text or, with --format markdown, as a bug report",
      wholeNumber(1, 1_000_000),
    )
    .action(async (names, options) => {
      const runs = (await Promise.all(names.map((name) => readRuns(screen, name)))).flat();
      if (options.format === "site") {
        return await writeSite(screen, runs, options.out ?? runFolder("site"), options.fullReports);
      }
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
      if (runs.length > 1) {
        if (options.out !== undefined) refuseFormats(chosen);
        printComparison(screen, runs);
        if (options.out !== undefined) await writeComparison(screen, runs, options.out, chosen);
        return;
      }
      const [run] = runs;
      if (!run) return;
      const { path, result } = run;
      if (options.case !== undefined) {
        return printCase(screen, result, options.case, options.format?.includes("markdown") ?? false);
      }
      if (options.finding !== undefined) {
        return printOneFinding(
          screen,
          result,
          options.finding,
          options.format?.includes("markdown") ?? false,
        );
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

/** The most bytes that a message shows of a file that is not a journal. */
const FIRST_SHOWN = 200;

interface Found extends ReadRun {
  readonly path: string;
}

/** Reads a run, or all runs in a folder that `load --repeat` wrote. */
async function readRuns(screen: Screen, name: string): Promise<readonly Found[]> {
  if (name === "") throw new UsageError("The name of a run is empty; expected a folder or a journal.ndjson");
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
    `There is no run at "${name}"; expected a folder with a journal.ndjson, or the journal itself`,
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
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw new UsageError(`"${ellipsis(folder, 80)}" can't be read: ${ellipsis(messageOf(error), 200)}`);
    }
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
  if (events === 0) throw await noJournal(path, bytes, unknown);
  if (damaged) {
    screen.complain(`${path}:${damaged.line}: ${damaged.reason}; the other lines are rendered`);
  }
  if (unknown > 0) {
    screen.complain(`${path}: ${unknown} lines of a kind that this version does not know are ignored`);
  }
  return { name, path, result };
}

/** The mistake, with its place, in a file without an event of a run. */
async function noJournal(path: string, bytes: number, unknown: number): Promise<UsageError> {
  using file = await Deno.open(path);
  const start = new Uint8Array(FIRST_SHOWN);
  const size = await file.read(start) ?? 0;
  const [line = ""] = new TextDecoder().decode(start.subarray(0, size)).split("\n", 1);
  const found = bytes === 0
    ? "an empty file"
    : unknown > 0
    ? "lines of kinds that this version does not know"
    : "a line that is not an event";
  const problem = {
    message: `expected the journal of a run, found ${found}`,
    place: { file: path, line: 1, column: 1, length: Math.max(1, [...line].length) },
    hint: "name the folder of a run, or its journal.ndjson",
  };
  return new UsageError(formatProblems([problem], new Map([[path, line]])).trimEnd());
}

/** Reads all events of shards. */
function journalsOf(runs: readonly Found[]) {
  return Promise.all(
    runs.map(async ({ path }) => ({ name: path, events: readJournal(await Deno.readFile(path)).events })),
  );
}

function printComparison(screen: Screen, runs: readonly NamedRun[]): void {
  const differences = compare(runs.map(({ result }) => result));
  if (differences.length > 0) {
    const head = ["case", "target", "protocol", ...runs.map(({ name }) => name)];
    const rows = differences.map((
      one,
    ) => [one.id, one.target, one.protocol, ...one.standings.map(standingWord)]);
    screen.print(`${plainTable(head, rows)}\n`);
  }
  for (const { name, result: { totals } } of runs) {
    screen.print(`${name}: ${totals.pass} of ${caseRuns(totals)} passed, ${totals.fail} failed`);
  }
  screen.print(differenceText(differences));
}

/** Writes those of `comparison.html`, `.md` and `.json` that the formats request to a folder. */
async function writeComparison(
  screen: Screen,
  runs: readonly NamedRun[],
  folder: string,
  formats: readonly FormatName[],
): Promise<void> {
  const { renderComparison } = await import("../../../reports/mod.ts");
  const files = [
    ["html", "comparison.html", renderComparison],
    ["markdown", "comparison.md", renderComparisonMarkdown],
    ["json", "comparison.json", renderComparisonJson],
  ] as const;
  const wanted = files.filter(([format]) => formats.includes(format));
  await makeResultsFolder(folder);
  for (const [, file, render] of wanted) {
    await writeWhole(`${folder}/${file}`, render(runs));
    screen.print(`  ${screen.paint("faint", `${folder}/${file}`)}`);
  }
}

/** Throws {@link UsageError} if a comparison has none of the formats. */
function refuseFormats(formats: readonly FormatName[]): void {
  if ((["html", "markdown", "json"] as const).some((format) => formats.includes(format))) return;
  throw new UsageError(
    `A comparison has the formats html, markdown and json; found --format ${formats.join(",")}`,
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

function printOneFinding(screen: Screen, result: RunResult, number: number, markdown: boolean): void {
  const findings = findingsOf(result.cases);
  const finding = findings[number - 1];
  if (finding === undefined) {
    throw new UsageError(
      findings.length === 0
        ? `The run has no finding ${number}, because nothing in it failed`
        : `The run has no finding ${number}; it has ${
          findings.length === 1 ? "only finding 1" : `findings 1 to ${findings.length}`
        }`,
    );
  }
  if (markdown) screen.print(findingMarkdown(finding, result));
  else printFinding(screen, finding, Infinity);
}
