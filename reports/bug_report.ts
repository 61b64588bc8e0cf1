import type { ChartEntry } from "../lib/run/event.ts";
import { type Finding, othersOf } from "../lib/run/findings.ts";
import type { CaseResult, RunResult, TargetResult } from "../lib/run/result.ts";
import { caseName } from "./case_name.ts";
import { citedClauses } from "./cited.ts";
import { clauseLink } from "./clause_link.ts";
import { chartText } from "./chart_text.ts";
import { reasonOf, sourceExcerpt, STANDING_NAMES, stepColumn } from "./failure_text.ts";
import { bytesOf, spacedHex } from "./hex.ts";
import { speaksAt } from "./lanes.ts";
import { fenced, inline } from "./markdown_text.ts";
import { conformCommand } from "./reproduce.ts";
import { cut, visible } from "../lib/ground/text.ts";

/** How many of the chart's last entries the report shows, and how many bytes of each. */
const ENTRIES = 60;
const BYTES = 256;
/** The most bytes in a shell line. */
const TYPED = 400;
/** The most connections, one after the other, in shell lines. */
const MOST_CONNECTIONS = 4;
/** The most bytes of an answer that stand beside a shell line. */
const ANSWER = 64;

/**
 * One case as a bug report for the target's developers, who need not know attest: what the clause requires, what was
 * expected and received, the conversation and its bytes, the target, and how to reproduce it.
 */
export function caseMarkdown(one: CaseResult, result: RunResult): string {
  const target = result.targets.find(({ name }) => name === one.target);
  return [...parts(one, result, target)].join("\n");
}

/** A finding as a bug report: its smallest case, with the broken clauses, and the names of its other cases. */
export function findingMarkdown(finding: Finding, result: RunResult): string {
  const { example } = finding;
  const target = result.targets.find(({ name }) => name === example.target);
  const lines = [...parts(example, result, target)];
  const others = othersOf(finding);
  if (others.length > 0) {
    lines.push("## The same in", "", ...rowsByCase(others), "");
  }
  return lines.join("\n");
}

function* parts(
  one: CaseResult,
  result: RunResult,
  target: TargetResult | undefined,
): Generator<string> {
  const clauses = one.failure ? citedClauses(one.failure) : [];
  const reason = reasonOf(one) || (one.failure?.message ?? "");
  const about = [nameOf(one, target), protocolName(one.protocol)].join(", ");
  yield* [`# ${inline(`${about}: ${cut(reason === "" ? one.purpose : reason, 120)}`)}`, ""];
  yield* [
    `${inline(STANDING_NAMES[one.standing])} of ${inline(one.id)}, level ${one.level.toUpperCase()}`,
    "",
  ];
  yield* [`${inline(sentence(one.purpose))}`, ""];
  const { failure } = one;
  if (clauses.length > 0) {
    yield* ["## What is required", ""];
    for (const { clause, text } of clauses) yield `- ${clauseName(one.protocol, clause)}: ${inline(text)}`;
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
    const own = one.lanes.filter((lane) => lane !== "target").map(inline);
    const played = own.length === 1 ? "is the party" : "are the parties";
    yield* [
      `The conversation, with times in milliseconds; ${own.join(", ")} ${played} that attest plays:`,
      "",
    ];
    yield* fenced(chartText(one, { last: ENTRIES }));
    yield* ["## Bytes", "", "In the order of sending (->) and receiving (<-):", ""];
    yield* fenced(one.chart.slice(-ENTRIES).filter(({ hex }) => hex !== undefined).map(bytesLine).join("\n"));
  }
  yield* [
    "## How to reproduce",
    "",
    "In a checkout of attest; where it is installed, with `attest` instead of `deno task`:",
    "",
    ...fenced(conformCommand(one, result)),
  ];
  yield* sameBytes(one, target);
  if (failure !== undefined) {
    yield* ["The step that failed:", "", ...fenced(sourceExcerpt(failure, stepColumn(one)))];
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
  // The version of many brokers begins with their name.
  return version.toLowerCase().startsWith(one.target.toLowerCase()) ? version : `${one.target} (${version})`;
}

/** A clause's name, as a link to its paragraph if its text is published. */
function clauseName(protocol: string, clause: string): string {
  const link = clauseLink(protocol, clause);
  return link === undefined ? inline(clause) : `[${inline(clause)}](${link})`;
}

/** The case in one shell line, and what the target answered in this run. */
function* sameBytes(one: CaseResult, target: TargetResult | undefined): Generator<string> {
  const typed = byHand(one, target);
  if (typed === undefined) return;
  yield* [
    "Or without attest, by sending the same bytes to the address of this run; put that of your broker in its place:",
    "",
    ...fenced(typed),
  ];
  if (one.chart.some(({ text }) => /(?:user|password)="\*+"/.test(text))) {
    yield* ["User name and password are asterisks here; put in your own and correct their lengths.", ""];
  }
  const answer = answered(one);
  if (answer !== undefined) yield* [`In this run the answer was \`${answer}\`.`, ""];
}

/** All that the target answered, or undefined if the record has not all of it. */
function answered(one: CaseResult): string | undefined {
  const entries = one.chart.filter(({ direction, hex }) => direction === "received" && hex !== undefined);
  const bytes = entries.map(({ hex = "" }) => bytesOf(hex));
  const size = bytes.reduce((sum, { length }) => sum + length, 0);
  if (size === 0 || size > ANSWER || entries.some((entry, at) => (entry.size ?? 0) !== bytes[at]?.length)) {
    return undefined;
  }
  return spacedHex(entries.map(({ hex = "" }) => hex).join(""), ANSWER);
}

/** Shell lines that send a broker the bytes of the case, one for each connection; undefined if two are open at once. */
function byHand(one: CaseResult, target: TargetResult | undefined): string | undefined {
  const address = /^mqtt:\/\/(?<host>[\w.-]+|\[[\da-f:]+\])(?::(?<port>\d+))?$/.exec(target?.address ?? "")
    ?.groups;
  const connections = connectionsOf(one);
  if (!address || connections === undefined) return undefined;
  const sent = connections.flat();
  const bytes = sent.map(({ hex = "" }) => bytesOf(hex));
  const size = bytes.reduce((sum, { length }) => sum + length, 0);
  // Truncated bytes, or a screenful of bytes, make no useful shell line.
  if (size > TYPED || sent.some((entry, at) => (entry.size ?? 0) !== bytes[at]?.length)) return undefined;
  const { host = "", port = "1883" } = address;
  // Without -w, some nc wait for the broker to close the connection.
  const nc = `nc -w 3 ${host.replaceAll(/[[\]]/g, "")} ${port} | od -An -tx1`;
  return connections.map((entries) => {
    const parts = entries.map(({ hex = "" }) => `printf '${octal(bytesOf(hex))}'; sleep 0.3`);
    return `(${parts.join("; ")}; sleep 2) | ${nc}`;
  }).join("\n");
}

/** What is sent on each connection of a case whose only client opens one after the other; undefined for any other case. */
function connectionsOf({ chart }: CaseResult): readonly (readonly ChartEntry[])[] | undefined {
  const sent = chart.filter(({ direction, hex }) => direction === "sent" && hex !== undefined);
  if (sent.length === 0 || new Set(sent.map(({ lane }) => lane)).size > 1) return undefined;
  const connections: ChartEntry[][] = [[]];
  for (const entry of chart) {
    if (entry.text === "connection opened") connections.push([]);
    else if (sent.includes(entry)) connections.at(-1)?.push(entry);
  }
  const used = connections.filter((entries) => entries.length > 0);
  return used.length <= MOST_CONNECTIONS ? used : undefined;
}

function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** A list of cases with the rows of each in one item. */
function rowsByCase(cases: readonly CaseResult[]): readonly string[] {
  const groups = Map.groupBy(
    cases,
    ({ id, target, protocol }) => `${id.replace(/\[.*$/s, "")} (${target}, ${protocol})`,
  );
  return [...groups].map(([name, own]) => {
    const [first, ...others] = own;
    if (first && others.length === 0) return `- ${inline(caseName(first))}`;
    const rows = own.map(({ id }) => /\[(.*)\]$/s.exec(id)?.[1] ?? "again");
    return `- ${inline(name)}, ${own.length} rows: ${rows.map(inline).join("; ")}`;
  });
}

function protocolName(protocol: string): string {
  return /^\d/.test(protocol) ? `MQTT ${protocol}` : protocol;
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
