/** Makes documents from a run's journal: events in, text or bytes out. Nothing here reads or writes a file. */
import type { RunEvent } from "../lib/run/event.ts";
import type { RunResult } from "../lib/run/result.ts";
import { renderAcceptance } from "./acceptance/page.tsx";
import { renderBadge } from "./badge.ts";
import { renderCsv } from "./csv.ts";
import type { FormatName } from "./format_name.ts";
import { renderHtml } from "./html/page.tsx";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderPcapng } from "./pcapng.ts";
import { renderTap } from "./tap.ts";
import { renderLoadCsv } from "./load/csv.ts";
import { renderLoadJunit } from "./load/junit.ts";
import { isLoad, type LoadRun } from "./load/load_run.ts";
import { renderLoadMarkdown } from "./load/markdown.ts";
import { renderLoadHtml } from "./load/page.tsx";
import { renderLoadTap } from "./load/tap.ts";

export { FORMAT_NAMES, type FormatName } from "./format_name.ts";
export { chartText, type ChartTextOptions } from "./chart_text.ts";
export { caseName } from "./case_name.ts";
export { failureText, reasonOf, sourceExcerpt, STANDING_NAMES } from "./failure_text.ts";
export { compare, type DifferingCase, standingWord } from "./comparison.ts";
export { renderComparison } from "./html/comparison.tsx";
export { type ComparedFigure, compareLoads, type LoadSet } from "./load/comparison.ts";
export { isLoad, type NamedLoad } from "./load/load_run.ts";
export { renderLoadComparison } from "./load/page.tsx";
export { caseMarkdown } from "./bug_report.ts";
export { repeatText } from "./repeat_text.ts";
export { visible, visibleLines } from "../lib/ground/text.ts";

/** A format of a report. */
export interface Format {
  /** The name of its file in the results folder. */
  readonly file: string;
  /** A short description for the help. */
  readonly title: string;
  /** Makes the document; a pure function. */
  readonly render: (result: RunResult) => string | Uint8Array;
}

/** Renders cases in one way and a load in another. */
function byKind<T>(
  cases: (result: RunResult) => T,
  load: (result: LoadRun) => T,
): (result: RunResult) => T {
  return (result) => isLoad(result) ? load(result) : cases(result);
}

/** All formats by name. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  html: {
    file: "report.html",
    title: "one page for a browser, with sequence charts",
    render: byKind(renderHtml, renderLoadHtml),
  },
  junit: { file: "junit.xml", title: "JUnit XML for CI", render: byKind(renderJunit, renderLoadJunit) },
  json: { file: "result.json", title: "the result as data", render: renderJson },
  tap: { file: "result.tap", title: "Test Anything Protocol 14", render: byKind(renderTap, renderLoadTap) },
  markdown: {
    file: "report.md",
    title: "a summary and the failures as Markdown",
    render: byKind(renderMarkdown, renderLoadMarkdown),
  },
  pcapng: { file: "capture.pcapng", title: "the packets for Wireshark", render: renderPcapng },
  acceptance: {
    file: "acceptance.html",
    title: "what a laboratory prints and signs, with the verdict",
    render: renderAcceptance,
  },
  badge: {
    file: "badge.json",
    title: "the run in four words, for a badge of shields.io",
    render: renderBadge,
  },
  csv: {
    file: "result.csv",
    title: "a table for a spreadsheet: a row per case, or per second and stage of a load",
    render: byKind(renderCsv, renderLoadCsv),
  },
};

/** Reads a run's events into the result that formats render. */
export type { RunEvent, RunResult };
