import type { Failure } from "../../lib/run/event.ts";
import type { CaseResult } from "../../lib/run/result.ts";
import { STANDINGS } from "../../lib/run/standing.ts";
import { chartText } from "../chart_text.ts";
import { marked, reasonOf, STANDING_NAMES, stepColumn } from "../failure_text.ts";
import { spacedHex } from "../hex.ts";
import { cut, visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";
import { duration } from "./duration.ts";
import { caseAddress } from "./address.ts";
import { clauseLink } from "../clause_link.ts";

/** How many failures the page holds as markup; the rest open from the table of cases. */
const WRITTEN = 100;
/** How many cases that failed alike are named. */
const NAMED = 12;
/** How many lines of a failure's chart stand on paper. */
const PRINTED = 8;

/** Cases that share their reason and have nothing more to show each, or one case with its failure. */
type Part = { readonly kind: "one"; readonly one: CaseResult } | {
  readonly kind: "alike";
  readonly cases: readonly CaseResult[];
};

/** What did not pass, gravest first, and which cases the page writes out. */
export function failureParts(cases: readonly CaseResult[]): {
  readonly parts: readonly Part[];
  readonly written: ReadonlySet<CaseResult>;
  readonly more: number;
} {
  const parts: Part[] = [];
  for (const standing of STANDINGS) {
    if (standing === "pass" || standing === "skip") continue;
    const own = cases.filter((one) => one.standing === standing);
    const alike = Map.groupBy(own.filter((one) => one.failure === undefined), reasonOf);
    for (const one of own) if (one.failure !== undefined) parts.push({ kind: "one", one });
    for (const group of alike.values()) {
      const [first] = group;
      if (first === undefined) continue;
      parts.push(group.length === 1 ? { kind: "one", one: first } : { kind: "alike", cases: group });
    }
  }
  const kept = parts.slice(0, WRITTEN);
  const written = new Set(kept.flatMap((part) => part.kind === "one" ? [part.one] : []));
  return { parts: kept, written, more: parts.length - kept.length };
}

/** The part of the page that can be read without the script: each failure with all that is known of it. */
export function Failures(
  { parts, more, numbers }: {
    parts: readonly Part[];
    more: number;
    numbers: ReadonlyMap<CaseResult, number>;
  },
) {
  if (parts.length === 0) return null;
  return (
    <section id="failures">
      <h2>What did not pass</h2>
      {parts.map((part) =>
        part.kind === "one"
          ? <One key={part.one.n} one={part.one} number={numbers.get(part.one)} />
          : <Alike key={part.cases[0]?.n ?? 0} cases={part.cases} />
      )}
      {more > 0 ? <p class="notice">{more} more are in the table of cases below</p> : null}
    </section>
  );
}

function One({ one, number }: { one: CaseResult; number: number | undefined }) {
  const chart = chartText(one, { last: 40, label: 110 });
  // A known deviation is there, and closed.
  const open = one.standing !== "expected-fail";
  return (
    <details
      class={`failure ${one.standing}`}
      id={number === undefined ? undefined : `f${number}`}
      open={open}
    >
      <summary>
        <Mark of={one.standing} decorative />
        <span class="id">{visible(one.id)}</span>
        <span class="chip">{visible(one.target)}</span>
        <span class="chip">{visible(one.protocol)}</span>
        {one.iteration === undefined ? null : <span class="chip">run {one.iteration}</span>}
        <span class={`word ${one.standing}`}>{STANDING_NAMES[one.standing]}</span>
        <span class="time">{duration(one.durationMs)}</span>
      </summary>
      <div class="body">
        <p class="reason">{visible(reasonOf(one))}</p>
        <p class="purpose">{visible(one.purpose)}</p>
        {one.failure === undefined
          ? null
          : <FailureBody failure={one.failure} column={stepColumn(one)} protocol={one.protocol} />}
        {one.warnings.map((warning) => <p key={warning} class="warning">{visible(warning)}</p>)}
        {chart === "" ? null : <ChartText chart={chart} number={number} />}
      </div>
    </details>
  );
}

/** The chart as text, which the script replaces by a drawn one on a screen; on paper its last lines stand. */
function ChartText({ chart, number }: { chart: string; number: number | undefined }) {
  const lines = chart.split("\n");
  const head = lines.slice(0, 1);
  const earlier = lines.slice(1, Math.max(1, lines.length - PRINTED));
  const last = lines.slice(1 + earlier.length);
  return (
    <pre class="chart-text" data-case={number} tabindex={0}>
      {`${head.join("")}\n`}
      {earlier.length === 0 ? null : <span class="earlier">{`${earlier.join("\n")}\n`}</span>}
      {last.join("\n")}
    </pre>
  );
}

function FailureBody(
  { failure, column, protocol }: { failure: Failure; column: number; protocol: string },
) {
  const variables = Object.entries(failure.variables);
  return (
    <>
      {failure.clauses.map(({ clause, text }) => (
        <blockquote key={clause} class="clause">
          <ClauseName protocol={protocol} clause={clause} /> {visible(text)}
        </blockquote>
      ))}
      <Source failure={failure} column={column} />
      <dl class="values">
        {failure.expected === undefined ? null : (
          <div class="expected">
            <dt>expected</dt>
            <dd>{cut(visible(failure.expected), 4000)}</dd>
          </div>
        )}
        {failure.got === undefined ? null : (
          <div class="got">
            <dt>got</dt>
            <dd>
              {cut(visible(failure.got), 4000)}
              {failure.hex === undefined ? null : <span class="hex">{spacedHex(failure.hex, 256)}</span>}
            </dd>
          </div>
        )}
        {variables.map(([name, value]) => (
          <div key={name} class="variable">
            <dt>${visible(name)}</dt>
            <dd>{cut(visible(value), 1000)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A clause's name, with a link to its paragraph where its text is published. */
function ClauseName({ protocol, clause }: { protocol: string; clause: string }) {
  const link = clauseLink(protocol, clause);
  return link === undefined ? <b>{visible(clause)}</b> : <a class="clause-link" href={link}>{clause}</a>;
}

function Source({ failure, column }: { failure: Failure; column: number }) {
  const { text, before, length } = marked(failure, column);
  const number = String(failure.line);
  const gutter = " ".repeat(number.length);
  return (
    <pre class="source" tabindex={0}>
      <span class="dim">{`${gutter}--> ${visible(failure.file)}:${failure.line}:${failure.column}\n${number} | `}</span>
      {text}
      <span class="dim">{`\n${gutter} | `}</span>
      <span class="caret">{" ".repeat(before) + "^".repeat(length)}</span>
    </pre>
  );
}

function Alike({ cases }: { cases: readonly CaseResult[] }) {
  const [first] = cases;
  if (first === undefined) return null;
  return (
    <details class={`failure ${first.standing}`} open={first.standing !== "expected-fail"}>
      <summary>
        <Mark of={first.standing} decorative />
        <span class="id">{cases.length} cases</span>
        <span class={`word ${first.standing}`}>{STANDING_NAMES[first.standing]}</span>
      </summary>
      <div class="body">
        <p class="reason">{visible(reasonOf(first))}</p>
        <ul class="names">
          {cases.slice(0, NAMED).map((one) => (
            <li key={one.n}>
              <a href={`#${caseAddress(one)}`}>{visible(one.id)}</a>{" "}
              <span class="chip">{visible(one.target)}</span>{" "}
              <span class="chip">{visible(one.protocol)}</span>
            </li>
          ))}
          {cases.length > NAMED ? <li>and {cases.length - NAMED} more</li> : null}
        </ul>
      </div>
    </details>
  );
}
