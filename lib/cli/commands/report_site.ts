import { dirname } from "node:path";
import { InvalidArgumentError } from "commander";
import type { RunResult } from "../../run/result.ts";
import type { FormatName } from "../../../reports/format_name.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import { formats } from "../options.ts";
import { makeResultsFolder } from "../record/results_folder.ts";
import type { Screen } from "../terminal/screen.ts";
import type { ReadRun } from "./report_loads.ts";

/** Reads a list of report formats, or `site`, which is made from all runs together and can't be combined. */
export function reportFormats(text: string): readonly FormatName[] | "site" {
  const names = text.split(",").map((name) => name.trim());
  if (!names.includes("site")) return formats(text);
  if (names.every((name) => name === "site")) return "site";
  throw new InvalidArgumentError("A site can't be combined with other formats; use --format site alone.");
}

/**
 * Writes runs as static pages to a folder; `full` adds the full report of each run. Throws {@link UsageError} for a run that is
 * not a conformance run, and for a folder that can't be created.
 */
export async function writeSite(
  screen: Screen,
  runs: readonly (ReadRun & { readonly path: string })[],
  folder: string,
  full: boolean,
): Promise<void> {
  const refused = runs.filter(({ result }) => result.kind !== "conform");
  if (refused.length > 0) {
    const lines = refused.map(({ path, result }) => `  "${path}" is a ${KINDS[result.kind]}`);
    throw new UsageError(`A site is made from conformance runs; leave out the others:\n${lines.join("\n")}`);
  }
  const { sitePages } = await import("../../../reports/site/pages.ts");
  const pages = sitePages(distinct(runs), { full });
  await makeResultsFolder(folder);
  for (const part of new Set(pages.map(({ path }) => dirname(path)))) {
    await makeResultsFolder(`${folder}/${part}`);
  }
  for (const { path, render } of pages) await writeWhole(`${folder}/${path}`, render());
  screen.print(`${pages.length} pages`);
  screen.print(`  ${screen.paint("faint", `${folder}/index.html`)}`);
}

const KINDS: Readonly<Record<RunResult["kind"], string>> = {
  conform: "conformance run",
  load: "load",
  prove: "proof",
};

/** The results of the runs, without those of a journal that was given twice. */
function distinct(runs: readonly (ReadRun & { readonly path: string })[]): readonly RunResult[] {
  return [...new Map(runs.map(({ path, result }) => [Deno.realPathSync(path), result])).values()];
}
