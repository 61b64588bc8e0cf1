import type { ChartEntry } from "../lib/run/event.ts";
import type { CaseResult, RunResult, TargetResult } from "../lib/run/result.ts";
import { chartText } from "./chart_text.ts";
import { reasonOf, sourceExcerpt, STANDING_NAMES, stepColumn } from "./failure_text.ts";
import { spacedHex } from "./hex.ts";
import { speaksAt } from "./lanes.ts";
import { fenced, inline } from "./markdown_text.ts";
import { shellWord } from "../lib/ground/shell_word.ts";
import { cut, visible } from "../lib/ground/text.ts";

/** How many of the chart's last entries are shown, and how many bytes of each. */
const ENTRIES = 60;
const BYTES = 256;

/**
 * One case as a bug report for the target's developers, who need not know attest: what the clause asks for, what was
 * expected and what came, the conversation and its bytes, on what it was found, and how to see it again.
 */
export function caseMarkdown(one: CaseResult, result: RunResult): string {
  const target = result.targets.find(({ name }) => name === one.target);
  return [...parts(one, result, target)].join("\n");
}

function* parts(one: CaseResult, result: RunResult, target: TargetResult | undefined): Generator<string> {
  const reason = reasonOf(one) || (one.failure?.message ?? "");
  const about = [nameOf(one, target), protocolName(one.protocol)].join(", ");
  yield* [`# ${inline(`${about}: ${cut(reason === "" ? one.purpose : reason, 120)}`)}`, ""];
  yield* [
    `${inline(STANDING_NAMES[one.standing])} of ${inline(one.id)}, level ${one.level.toUpperCase()}`,
    "",
  ];
  yield* [`${inline(sentence(one.purpose))}`, ""];
  const { failure } = one;
  if (failure !== undefined && failure.clauses.length > 0) {
    yield* ["## What is required", ""];
    for (const { clause, text } of failure.clauses) yield `- ${inline(clause)}: ${inline(text)}`;
    yield "";
  }
  yield* ["## What happened", ""];
  if (reason !== "") yield* [`${inline(sentence(reason))}`, ""];
  for (const warning of one.warnings) yield* [`- Warning: ${inline(warning)}`, ""];
  if (failure !== undefined) {
    const lines = [`expected  ${visible(failure.expected ?? "")}`, `got       ${visible(failure.got ?? "")}`];
    if (failure.hex !== undefined) lines.push(`          ${spacedHex(failure.hex, BYTES)}`);
    yield* fenced(lines.join("\n"));
  }
  if (one.chart.length > 0) {
    const own = one.lanes.filter((lane) => lane !== "target").map(inline).join(", ");
    yield* [`The conversation, in milliseconds; ${own} are the parties that attest plays:`, ""];
    yield* fenced(chartText(one, { last: ENTRIES }));
    yield* ["## Bytes", "", "In the order in which they were sent (->) and received (<-):", ""];
    yield* fenced(one.chart.slice(-ENTRIES).filter(({ hex }) => hex !== undefined).map(bytesLine).join("\n"));
  }
  yield* ["## How to see it again", "", ...fenced(conformCommand(one, result))];
  if (failure !== undefined) {
    yield* ["The step that was not met:", "", ...fenced(sourceExcerpt(failure, stepColumn(one)))];
  }
  yield* foundOn(one, result, target);
}

function* foundOn(one: CaseResult, result: RunResult, target: TargetResult | undefined): Generator<string> {
  yield* ["## Found", ""];
  yield `- target: ${inline(nameOf(one, target))}${target ? `, at ${inline(target.address)}` : ""}`;
  for (const [name, value] of Object.entries(target?.identity ?? {})) {
    yield `- ${inline(`${name}: ${value}`)}`;
  }
  yield `- by attest ${inline(result.attest.version)}, seed ${result.seed}${
    result.startedAt === "" ? "" : `, ${inline(result.startedAt)}`
  }`;
  const values = Object.entries(one.failure?.variables ?? {});
  if (values.length > 0) {
    yield `- with ${values.map(([name, value]) => inline(`$${name} = ${cut(value, 80)}`)).join(", ")}`;
  }
  yield "";
}

function nameOf(one: CaseResult, target: TargetResult | undefined): string {
  const version = target?.version;
  if (version === undefined) return one.target;
  // Many brokers' versions begin with their name.
  return version.toLowerCase().startsWith(one.target.toLowerCase()) ? version : `${one.target} (${version})`;
}

function protocolName(protocol: string): string {
  return /^\d/.test(protocol) ? `MQTT ${protocol}` : protocol;
}

/** The command line that runs the case, for a shell. */
export function conformCommand(one: CaseResult, result: RunResult): string {
  const words = ["deno", "task", "conform", one.id, "--target", one.target];
  if (/^\d/.test(one.protocol)) words.push("--protocol", one.protocol);
  words.push("--seed", String(result.seed));
  return words.map(shellWord).join(" ");
}

function bytesLine(entry: ChartEntry): string {
  const arrow = entry.direction === "sent" ? "->" : "<-";
  const what = speaksAt(entry.lane) ? "AT " : "";
  return `${visible(entry.lane)} ${arrow} ${what}${spacedHex(entry.hex ?? "", BYTES, entry.size)}   ${
    cut(visible(entry.text), 60)
  }`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
