import type { RunResult } from "../lib/run/result.ts";
import { caseRuns, type Standing } from "../lib/run/standing.ts";
import { inline } from "./markdown_text.ts";
import { STANDING_NAMES } from "./failure_text.ts";

/** A case with a different outcome in some runs. */
export interface DifferingCase {
  readonly id: string;
  /** Empty if each run has one target, so that runs on two brokers can be compared. */
  readonly target: string;
  readonly protocol: string;
  /** Its standing in each run, in the order of the runs; undefined if it was not run. */
  readonly standings: readonly (Standing | undefined)[];
}

/**
 * The differences between runs: cases that have different standings or are missing from a run, in the order of the runs. If a
 * run has a case several times, the worst standing counts.
 */
export function compare(runs: readonly RunResult[]): readonly DifferingCase[] {
  const rows = new Map<string, DifferingCase & { standings: (Standing | undefined)[] }>();
  const manyTargets = runs.some((run) => run.targets.length > 1);
  for (const [index, run] of runs.entries()) {
    for (const { id, target: ofCase, protocol, standing } of run.cases) {
      const target = manyTargets ? ofCase : "";
      const key = JSON.stringify([id, target, protocol]);
      const row = rows.get(key) ?? { id, target, protocol, standings: runs.map(() => undefined) };
      row.standings[index] = graver(row.standings[index], standing);
      rows.set(key, row);
    }
  }
  return [...rows.values()].filter((row) => new Set(row.standings).size > 1);
}

/** A standing as a word for a table; a case that was not run is a dash. */
export function standingWord(standing: Standing | undefined): string {
  return standing === undefined ? "–" : STANDING_NAMES[standing];
}

const GRAVITY: readonly Standing[] = [
  "pass",
  "skip",
  "expected-fail",
  "unexpected-pass",
  "inconclusive",
  "error",
  "fail",
];

function graver(a: Standing | undefined, b: Standing): Standing {
  return a === undefined || GRAVITY.indexOf(b) > GRAVITY.indexOf(a) ? b : a;
}

/** A run with the name that the user gave it. */
export interface NamedRun {
  readonly name: string;
  readonly result: RunResult;
}

/** The result of a comparison in a few words. */
export function differenceText(differences: readonly DifferingCase[]): string {
  if (differences.length === 0) return "Every case has the same outcome";
  return `${differences.length} ${differences.length === 1 ? "case differs" : "cases differ"}`;
}

/** A comparison as Markdown. */
export function renderComparisonMarkdown(runs: readonly NamedRun[]): string {
  const differences = compare(runs.map(({ result }) => result));
  const names = runs.map(({ name }) => inline(name));
  const lines = [
    `# ${differenceText(differences)}`,
    "",
    "| run | passed | failed | case runs |",
    "|---|---:|---:|---:|",
  ];
  for (const { name, result: { totals } } of runs) {
    lines.push(`| ${inline(name)} | ${totals.pass} | ${totals.fail} | ${caseRuns(totals)} |`);
  }
  lines.push("");
  if (differences.length === 0) return lines.join("\n");
  lines.push(
    `| case | target | protocol | ${names.join(" | ")} |`,
    `|---|---|---|${"---|".repeat(names.length)}`,
  );
  for (const { id, target, protocol, standings } of differences) {
    lines.push(`| ${[id, target, protocol, ...standings.map(standingWord)].map(inline).join(" | ")} |`);
  }
  return [...lines, ""].join("\n");
}

/** A comparison as JSON: the runs with their totals, and the cases that differ, with a standing for each run. */
export function renderComparisonJson(runs: readonly NamedRun[]): string {
  const differences = compare(runs.map(({ result }) => result)).map((one) => ({
    ...one,
    standings: one.standings.map((standing) => standing ?? null),
  }));
  const named = runs.map(({ name, result: { totals } }) => ({ name: name.toWellFormed(), totals }));
  return JSON.stringify({ runs: named, differences }, null, 2) + "\n";
}
