import type { Failure } from "../../lib/run/event.ts";
import type { CaseResult } from "../../lib/run/result.ts";
import { type Finding, findingsCount, othersOf } from "../../lib/run/findings.ts";
import { citedClauses } from "../cited.ts";
import { chartText } from "../chart_text.ts";
import { marked, reasonOf, STANDING_NAMES, stepColumn } from "../failure_text.ts";
import { spacedHex } from "../hex.ts";
import { cut, visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";
import { duration } from "./script/duration.js";
import { caseAddress } from "./address.ts";
import { clauseLink } from "../clause_link.ts";

/** How many findings the page has as markup; the others open from the table of cases. */
const WRITTEN = 100;
/** How many cases of a finding the page names. */
const NAMED = 12;
/** How many lines of a failure's chart are printed on paper. */
const PRINTED = 8;

/** The cases with their failure as markup: the example of each of the first findings. */
export function writtenCases(findings: readonly Finding[]): ReadonlySet<CaseResult> {
  return new Set(findings.slice(0, WRITTEN).map(({ example }) => example));
}

/** The part of the page that is readable without the script: each finding with all details of its smallest case. */
export function Failures(
  { findings, numbers }: { findings: readonly Finding[]; numbers: ReadonlyMap<CaseResult, number> },
) {
  if (findings.length === 0) return null;
  const more = findings.length - WRITTEN;
  const count = findingsCount(findings);
  return (
    <section id="failures">
      <h2>
        What did not pass{count === "" ? null : <small>{count}</small>}
      </h2>
      {findings.slice(0, WRITTEN).map((finding) => (
        <One key={finding.number} finding={finding} number={numbers.get(finding.example)} />
      ))}
      {more > 0 ? <p class="notice">{more} more findings are in the table of cases below</p> : null}
    </section>
  );
}

function One({ finding, number }: { finding: Finding; number: number | undefined }) {
  const { example: one, cases } = finding;
  const chart = chartText(one, { last: 40, label: 110 });
  // A known deviation is shown, but closed.
  const open = one.standing !== "expected-fail";
  return (
    <details
      class={`failure ${one.standing}`}
      id={number === undefined ? undefined : `f${number}`}
      open={open}
    >
      <summary>
        <Mark of={one.standing} decorative />
        <span class="number">{finding.number}</span>
        <span class="id">{visible(one.id)}</span>
        <span class="chip">{visible(one.target)}</span>
        {finding.protocols.map((protocol) => <span key={protocol} class="chip">{visible(protocol)}</span>)}
        {cases.length > 1 ? <span class="chip">{cases.length} case runs</span> : null}
        {one.iteration === undefined ? null : <span class="chip">run {one.iteration}</span>}
        <span class={`word ${one.standing}`}>{STANDING_NAMES[one.standing]}</span>
        <span class="time">{duration(one.durationMs)}</span>
      </summary>
      <div class="body">
        <p class="reason">{visible(reasonOf(one))}</p>
        <p class="purpose">{visible(one.purpose)}</p>
        {one.failure === undefined ? null : (
          <FailureBody
            failure={one.failure}
            clauses={citedClauses(one.failure)}
            column={stepColumn(one)}
            protocol={one.protocol}
          />
        )}
        {one.warnings.map((warning) => <p key={warning} class="warning">{visible(warning)}</p>)}
        {chart === "" ? null : <ChartText chart={chart} number={number} />}
        <Others cases={othersOf(finding)} />
      </div>
    </details>
  );
}

/** The other case runs that show a finding. */
function Others({ cases }: { cases: readonly CaseResult[] }) {
  if (cases.length === 0) return null;
  return (
    <div class="others">
      <p>The same in</p>
      <ul class="names">
        {cases.slice(0, NAMED).map((one) => (
          <li key={one.n}>
            <a href={`#${caseAddress(one)}`}>{visible(one.id)}</a>{" "}
            <span class="chip">{visible(one.protocol)}</span>
          </li>
        ))}
        {cases.length > NAMED ? <li>and {cases.length - NAMED} more</li> : null}
      </ul>
    </div>
  );
}

/** The chart as text. On a screen the script replaces it by a drawn one; on paper its last lines are printed. */
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
  { failure, clauses, column, protocol }: {
    failure: Failure;
    clauses: Failure["clauses"];
    column: number;
    protocol: string;
  },
) {
  const variables = Object.entries(failure.variables);
  return (
    <>
      {clauses.map(({ clause, text }) => (
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
