import { clauseCounts } from "../lib/run/clause_state.ts";
import { documentName } from "./clause_text.ts";
import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { citedClauses } from "./cited.ts";
import { type Finding, findingsCount, findingsOf, othersOf } from "../lib/run/findings.ts";
import { STANDINGS, totalOf, type Totals } from "../lib/run/standing.ts";
import { costLines } from "./claims_text.ts";
import { chartText } from "./chart_text.ts";
import { caseName } from "./case_name.ts";
import { reasonOf, sourceExcerpt, STANDING_NAMES, stepColumn } from "./failure_text.ts";
import { limitTables } from "./limit_rows.ts";
import { troubleOf } from "./run_trouble.ts";
import { repeatText } from "./repeat_text.ts";
import { SIGNS } from "./signs.ts";
import { spacedHex } from "./hex.ts";
import { speaksAt } from "./lanes.ts";
import { bounded } from "./markdown_bound.ts";
import { fenced, inline } from "./markdown_text.ts";
import { cut, visible, visibleLines } from "../lib/ground/text.ts";

const SIGN_KEY = STANDINGS.map((standing) => `${SIGNS[standing]} ${STANDING_NAMES[standing]}`).join(", ");

/** How many cases of a finding the report names besides its example. */
const NAMED = 30;

/** A job summary of GitHub allows 1 MiB for all steps; one document stays far below that. */
const LIMIT = 256 * 1024;
/** Bytes of a packet, and characters of a value. */
const BYTES = 64;
const VALUE = 2_000;

/**
 * The run as Markdown, at most 256 KiB: the totals by target, then every finding by its smallest case, with the names of the
 * others. The document counts what it leaves out to stay within the limit.
 */
export function renderMarkdown(result: RunResult): string {
  const findings = findingsOf(result.cases);
  const count = findingsCount(findings);
  const top = ["# Conformance report", "", ...summary(result), ""];
  if (count !== "") top.push(`${count}, each shown by its case with the shortest conversation.`, "");
  const skipped = Map.groupBy(result.cases.filter((one) => one.standing === "skip"), reasonOf);
  return bounded([
    { head: top.join("\n"), pieces: findingPieces(findings), of: "findings" },
    {
      head: skipped.size > 0 ? "## Skipped\n" : "",
      pieces: [...skipped].map(([reason, cases]) => `- ${cases.length} × ${inline(cut(reason, VALUE))}`),
      of: "reasons of skips",
    },
    ...[flakyParts(result), limitParts(result), clauseParts(result)].map((lines) => ({
      head: "",
      pieces: [...lines],
      of: "lines",
    })),
  ], LIMIT);
}

/** Each finding as text; the first of each standing has a heading. */
function findingPieces(findings: readonly Finding[]): readonly string[] {
  return [...Map.groupBy(findings, ({ standing }) => standing)].flatMap(([standing, own]) => {
    const runs = own.reduce((sum, { cases }) => sum + cases.length, 0);
    const head = [`## ${capital(STANDING_NAMES[standing])} (${runs})`, ""];
    return own.map((finding, at) => [...(at === 0 ? head : []), ...findingParts(finding)].join("\n"));
  });
}

function* summary(result: RunResult): Generator<string> {
  const trouble = troubleOf(result);
  if (trouble) yield `**${inline(trouble.text)}**\n`;
  if (trouble?.detail !== undefined) yield* [...fenced(visibleLines(trouble.detail)), ""];
  yield `attest ${inline(result.attest.version)}, seed ${result.seed}, ${inline(result.startedAt)}, ${
    (result.durationMs / 1000).toFixed(1)
  } s, ${result.casesPerSecond} cases per second`;
  if (result.announces !== undefined) yield* ["", `Clients announce ${inline(result.announces)}`];
  yield "";
  yield `| target | ${STANDINGS.map((standing) => STANDING_NAMES[standing]).join(" | ")} | warnings |`;
  yield `|---|${"---:|".repeat(STANDINGS.length + 1)}`;
  for (const target of result.targets) yield totalsRow(inline(target.name), target.totals);
  if (result.targets.length > 1) yield totalsRow("all", result.totals);
  for (const line of costLines(result.cases)) yield* ["", inline(line)];
}

function totalsRow(name: string, totals: Totals): string {
  return `| ${name} | ${
    STANDINGS.map((standing) => totalOf(totals, standing)).join(" | ")
  } | ${totals.warnings} |`;
}

function* findingParts(finding: Finding): Generator<string> {
  yield* caseParts(finding.example, `### ${finding.number}.`);
  const others = othersOf(finding);
  if (others.length === 0) return;
  yield* [`The same in ${others.length} more:`, ""];
  for (const one of others.slice(0, NAMED)) yield `- ${inline(caseName(one))}`;
  if (others.length > NAMED) yield `- and ${others.length - NAMED} more`;
  yield "";
}

function* caseParts(one: CaseResult, heading: string): Generator<string> {
  yield `${heading} ${inline(caseName(one))}: ${STANDING_NAMES[one.standing]}`;
  yield "";
  yield `${inline(one.purpose)}  `;
  yield `Level ${one.level}, ${one.durationMs.toFixed(0)} ms${
    one.covers.length === 0 ? "" : `, covers ${one.covers.map(inline).join(", ")}`
  }`;
  yield "";
  const reason = reasonOf(one);
  if (reason !== "") yield* [`**${inline(reason)}**`, ""];
  const failure = one.failure;
  if (failure !== undefined) {
    for (const { clause, text } of citedClauses(failure)) yield* [`> ${inline(clause)}: ${inline(text)}`, ""];
    const values = [sourceExcerpt(failure, stepColumn(one)), ""];
    if (failure.expected !== undefined) values.push(`expected  ${cut(visible(failure.expected), VALUE)}`);
    if (failure.got !== undefined) values.push(`got       ${cut(visible(failure.got), VALUE)}`);
    if (failure.hex !== undefined) values.push(`          ${spacedHex(failure.hex, BYTES)}`);
    for (const [name, value] of Object.entries(failure.variables)) {
      values.push(`with      $${visible(name)} = ${cut(visible(value), VALUE)}`);
    }
    yield* fenced(values.join("\n"));
  }
  for (const warning of one.warnings) yield* [`- Warning: ${inline(warning)}`, ""];
  if (one.chart.length > 0) {
    yield* ["Sequence:", "", ...fenced(chartText(one, { last: 60 }))];
    yield* ["Bytes:", "", ...fenced(bytesText(one))];
  }
}

/** The cases of a repeated run that ended with different verdicts. */
function* flakyParts(result: RunResult): Generator<string> {
  if (result.repeats.length === 0) return;
  const flaky = result.repeats.filter((one) => one.flaky);
  yield* [
    "## Flaky cases",
    "",
    `${flaky.length} of ${result.repeats.length} cases that ran more than once`,
    "",
  ];
  for (const one of flaky) yield `- ${inline(caseName(one))}: ${inline(repeatText(one))}`;
  yield "";
}

/** Command × parameter × class as signs; the notes say why a class was not tested. */
function* limitParts(result: RunResult): Generator<string> {
  for (const table of limitTables(result.limits)) {
    yield* [`## Limits of the parameters on ${inline(table.target)}`, ""];
    yield* [`${table.tried} of ${table.all} classes were tested; a number refers to a note below.`, ""];
    yield `| command | parameter | ${table.classes.map(inline).join(" | ")} |`;
    yield `|---|---|${":-:|".repeat(table.classes.length)}`;
    for (const { command, parameter, cells } of table.rows) {
      const shown = cells.map((cell) => cell ? cell.note ?? SIGNS[cell.standing] : "");
      yield `| ${inline(command)} | ${inline(parameter)} | ${shown.join(" | ")} |`;
    }
    yield "";
    yield SIGN_KEY;
    yield "";
    for (const [at, note] of table.notes.entries()) yield `${at + 1}. ${inline(note)}`;
    yield "";
  }
}

/** How many clauses are in each state, and which are broken, not shown, or without a case. */
function* clauseParts(result: RunResult): Generator<string> {
  const documents = Map.groupBy(result.coverage, documentName);
  if (documents.size > 0) yield* ["## Clauses", ""];
  for (const [name, clauses] of documents) {
    yield* [`${inline(name)}: ${clauses.length} clauses, ${clauseCounts(clauses)}`, ""];
    for (const { clause, state, uncovered } of clauses) {
      if (state === "broken" || state === "not shown") yield `- ${inline(clause)} is ${state}`;
      if (uncovered !== undefined) yield `- ${inline(clause)} has no case: ${inline(uncovered)}`;
    }
    yield "";
  }
}

function bytesText(one: CaseResult): string {
  return one.chart.slice(-60).filter((entry) => entry.hex !== undefined).map((entry) => {
    const arrow = entry.direction === "sent" ? "->" : "<-";
    const what = speaksAt(entry.lane) ? "AT" : "MQTT";
    return `${visible(entry.lane)} ${arrow} ${what} ${spacedHex(entry.hex ?? "", BYTES, entry.size)}`;
  }).join("\n");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
