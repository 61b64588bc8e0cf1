import {
  compareLoads,
  isLoad,
  type LoadSet,
  type NamedLoad,
  renderLoadComparison,
} from "../../../reports/mod.ts";
import { mergeShards } from "../../run/merge.ts";
import type { RunEvent } from "../../run/event.ts";
import { formatLine } from "../../run/journal.ts";
import { fold, type RunResult } from "../../run/result.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import { writeReports } from "../record/recording.ts";
import type { FormatName } from "../../../reports/format_name.ts";
import { plainTable } from "../terminal/plain_table.ts";
import { printLoadSummary } from "../terminal/load_summary.ts";
import type { Screen } from "../terminal/screen.ts";
import { makeResultsFolder } from "../record/results_folder.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** A run with the name that the user gave it; the runs of a set have the same name. */
export interface ReadRun {
  readonly name: string;
  readonly result: RunResult;
}

/**
 * Compares loads. Runs with the same name are a set, represented by its medians. Writes `comparison.html` into the folder
 * `out`, if it is given.
 */
export async function compareRuns(
  screen: Screen,
  runs: readonly ReadRun[],
  out: string | undefined,
): Promise<void> {
  const short = shortNames(new Set(runs.map(({ name }) => name)));
  const loads = runs.map(({ name, result }): NamedLoad => {
    if (!isLoad(result)) {
      throw new UsageError(`"${name}" is not a load; loads can be compared only with loads`);
    }
    return { name: short.get(name) ?? name, result };
  });
  const sets = [...Map.groupBy(loads, ({ name }) => name)].map(([name, all]): LoadSet => ({
    name,
    loads: all.map(({ result }) => result.load),
  }));
  printFigures(screen, sets);
  if (out === undefined) return;
  await makeResultsFolder(out);
  const path = `${out}/comparison.html`;
  await writeWhole(path, renderLoadComparison(sets, numbered(loads)));
  screen.print(`  ${screen.paint("faint", path)}`);
}

/** The end of each path that distinguishes it from the others: `before` and `after` for two subfolders of one folder. */
export function shortNames(paths: ReadonlySet<string>): ReadonlyMap<string, string> {
  const parts = [...paths].map((path) => ({ path, names: path.split("/").filter((name) => name !== "") }));
  const end = (names: readonly string[], count: number) => names.slice(-count).join("/");
  return new Map(parts.map(({ path, names }) => {
    let count = 1;
    const told = () =>
      parts.every((other) => other.path === path || end(other.names, count) !== end(names, count));
    while (count < names.length && !told()) count++;
    return [path, told() && names.length > 0 ? end(names, count) : path];
  }));
}

/** Adds their number to the names of the runs of a set. */
function numbered(loads: readonly NamedLoad[]): readonly NamedLoad[] {
  const seen = new Map<string, number>();
  const times = Map.groupBy(loads, ({ name }) => name);
  return loads.map(({ name, result }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return { name: (times.get(name)?.length ?? 1) > 1 ? `${name}/${number}` : name, result };
  });
}

function printFigures(screen: Screen, sets: readonly LoadSet[]): void {
  let few = false;
  const head = ["figure"];
  for (const [index, { name, loads }] of sets.entries()) {
    head.push(loads.length > 1 ? `${name} (median of ${loads.length})` : name);
    if (loads.length > 1) head.push("least to most");
    if (index > 0) head.push("difference", "evidence");
  }
  const rows = compareLoads(sets).map(({ name, spreads, differences }) => {
    const row = [name];
    for (const [index, { loads }] of sets.entries()) {
      const spread = spreads[index];
      row.push(spread?.shown ?? "–");
      if (loads.length > 1) row.push(spread?.range ?? "–");
      const difference = differences[index - 1];
      if (index === 0) continue;
      row.push(difference?.shown ?? "–");
      few ||= difference?.evidence === "too few runs";
      row.push(
        difference && difference.evidence !== "too few runs"
          ? `${difference.evidence}, p = ${difference.p.toFixed(3)}`
          : "–",
      );
    }
    return row;
  });
  screen.print(plainTable(head, rows));
  if (few) {
    screen.print(
      "\nToo few runs: only repeated runs, at least four of each, show whether a difference is more than chance (--repeat 5)",
    );
  }
}

/** Merges the shards of a load, writes its journal and its reports, and returns the exit status of the sum. */
export async function mergeRuns(
  screen: Screen,
  shards: readonly { readonly name: string; readonly events: readonly RunEvent[] }[],
  out: string,
  formats: readonly FormatName[],
): Promise<number> {
  const merged = mergeShards(shards);
  if ("problems" in merged) {
    throw new UsageError(`These are not the shards of one load:\n  ${merged.problems.join("\n  ")}`);
  }
  const result = fold(merged.events);
  await makeResultsFolder(out);
  await writeWhole(`${out}/journal.ndjson`, merged.events.map(formatLine).join(""));
  const paths = [`${out}/journal.ndjson`, ...await writeReports(out, result, formats)];
  screen.print(`${shards.length} shards, started within ${merged.apartMs.toFixed(0)} ms of each other`);
  printLoadSummary(screen, result, paths);
  return result.exit ?? 3;
}
