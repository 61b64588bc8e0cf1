import { renderToString } from "preact-render-to-string";
import type { CaseResult, RunResult } from "../../lib/run/result.ts";
import { findingsOf } from "../../lib/run/findings.ts";
import { caseRuns, STANDINGS } from "../../lib/run/standing.ts";
import { visible } from "../../lib/ground/text.ts";
import { Cases } from "./cases.tsx";
import { caseAddress } from "./address.ts";
import { caseData } from "./case_data.ts";
import { Clauses } from "./clauses.tsx";
import { htmlDocument, type PageData } from "./document.tsx";
import { Failures, writtenCases } from "./failures.tsx";
import { LimitTables } from "./limits.tsx";
import { packed } from "./packed.ts";
import { Defects, Quirks } from "./proof.tsx";
import casesCss from "./cases.css" with { type: "text" };
import chartCss from "./chart.css" with { type: "text" };
import failuresCss from "./failures.css" with { type: "text" };
import mediaCss from "./media.css" with { type: "text" };
import pageCss from "./page.css" with { type: "text" };
import tablesCss from "./tables.css" with { type: "text" };
import { indexData } from "./row_data.ts";
import { script } from "./script.ts";
import { Suites } from "./suites.tsx";
import { Flaky } from "./repeats.tsx";
import { headline, Signature, Summary } from "./summary.tsx";

// Screen sizes and paper come last, because they override the others.
const css = [pageCss, failuresCss, casesCss, chartCss, tablesCss, mediaCss].join("");

/** The most rows of the table of cases; if there are more (as with a long `--repeat`), passing runs are left out. */
const ROWS = 30_000;
/** How many cases have their details unpacked together when one of them is opened. */
const BLOCK = 64;

/**
 * The run as one HTML page that needs no network. Summary, findings, suites and clauses are readable without the script, which
 * filters and sorts the table and draws the sequence chart of an opened case.
 */
export function renderHtml(result: RunResult): string {
  const cases = chosen(result.cases);
  const numbers = new Map(cases.map((one, number) => [one, number]));
  const findings = findingsOf(result.cases);
  const written = writtenCases(findings);
  const body = renderToString(
    <>
      <a class="skip-link" href="#main">To the results</a>
      <Contents result={result} />
      <main id="main" tabindex={-1}>
        <Summary result={result} />
        <Failures findings={findings} numbers={numbers} />
        <Defects result={result} />
        <Quirks result={result} />
        <Flaky repeats={result.repeats} />
        <Suites cases={cases} />
        <Cases cases={cases} left={caseRuns(result.totals) - cases.length} totals={result.totals} />
        <LimitTables limits={result.limits} addresses={addresses(cases)} />
        <Clauses coverage={result.coverage} />
        <Signature />
      </main>
    </>,
  );
  const targets = visible(result.targets.map(({ name }) => name).join(", "));
  return htmlDocument({
    title: `${visible(headline(result).text)} · ${targets} · attest`,
    icon: ICON,
    style: css,
    scripts: [script],
    data: [
      { id: "index", text: packed(indexData(result, cases, BLOCK)) },
      ...details(result, cases, written),
    ],
    body,
  });
}

/** All cases, or if there are too many, those that did not pass and as many others as fit. */
function chosen(cases: readonly CaseResult[]): readonly CaseResult[] {
  let room = ROWS;
  const keep = new Set<CaseResult>();
  for (const standing of STANDINGS) {
    for (const one of cases) {
      if (one.standing !== standing || room === 0) continue;
      keep.add(one);
      room--;
    }
  }
  return cases.filter((one) => keep.has(one)).toSorted((a, b) =>
    a.suite < b.suite ? -1 : a.suite > b.suite ? 1 : 0
  );
}

function addresses(cases: readonly CaseResult[]): ReadonlyMap<number, string> {
  return new Map(cases.map((one) => [one.n, caseAddress(one)]));
}

/** The details of the cases in blocks, so that only one block at a time is unpacked, here and in the browser. */
function details(
  result: RunResult,
  cases: readonly CaseResult[],
  written: ReadonlySet<CaseResult>,
): readonly PageData[] {
  return Array.from({ length: Math.ceil(cases.length / BLOCK) }, (_, at) => ({
    id: `details-${at}`,
    text: packed(
      cases.slice(at * BLOCK, (at + 1) * BLOCK).map((one) => caseData(one, result, written.has(one))),
    ),
  }));
}

function Contents({ result }: { result: RunResult }) {
  const failed = result.cases.some(({ standing }) => standing !== "pass" && standing !== "skip");
  return (
    <nav aria-label="Parts of the report">
      <a class="word-mark" href="#summary">attest</a>
      {failed ? <a href="#failures">What did not pass</a> : null}
      {result.defects.length > 0 ? <a href="#defects">Defects</a> : null}
      {result.quirks === undefined ? null : <a href="#quirks">Quirks</a>}
      {result.repeats.length > 0 ? <a href="#flaky">Flaky</a> : null}
      {result.cases.length > 0 ? <a href="#suites">Suites</a> : null}
      {result.cases.length > 0 ? <a href="#cases">Cases</a> : null}
      {result.limits.length > 0 ? <a href="#limits">Limits</a> : null}
      {result.coverage.length > 0 ? <a href="#clauses">Clauses</a> : null}
      <button type="button" id="theme" class="theme" hidden>Dark</button>
    </nav>
  );
}

const ICON = "data:image/svg+xml," + encodeURIComponent(
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='4' fill='#2b4a6f'/>" +
    "<path d='M4 5h8M9.5 3 12 5 9.5 7M12 11H4M6.5 9 4 11l2.5 2' stroke='#fff' fill='none' stroke-width='1.4'/></svg>",
);
