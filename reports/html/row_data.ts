import type { CaseResult, RunResult } from "../../lib/run/result.ts";
import { STANDINGS } from "../../lib/run/standing.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { SIGNS } from "../signs.ts";
import { columnsOf } from "./columns.ts";
import { clauseLink } from "../clause_link.ts";
import { cut, visible } from "../../lib/ground/text.ts";

/**
 * The data of a case that the page's script shows and searches before the case is opened. Names are short because a page holds
 * up to 30,000 of these; `script/rows.js` reads them.
 */
export interface RowData {
  /** Standing, suite, target, protocol: the keys for filters and sorting. */
  readonly v: string;
  readonly u: string;
  readonly t: string;
  readonly p: string;
  readonly id: string;
  /** Duration in ms, rounded to a tenth. */
  readonly ms: number;
  /** Indexes into {@link IndexData.clauses}. */
  readonly k: readonly number[];
  readonly tags: readonly string[];
  readonly level: string;
  readonly purpose: string;
  readonly reason: string;
  readonly warnings: readonly string[];
  /** The round of a repeated run. */
  readonly i?: number | undefined;
}

/** The data that is unpacked when the page is loaded. */
export interface IndexData {
  /** The link is empty if the text has no page. */
  readonly clauses: readonly (readonly [protocol: string, clause: string, text: string, link: string])[];
  readonly cases: readonly RowData[];
  /** The standings, worst first, each with its sign and name. */
  readonly standings: readonly (readonly [standing: string, sign: string, name: string])[];
  /** The columns of the table of suites. */
  readonly columns: readonly (readonly [target: string, protocol: string])[];
  /** How many cases are in each block of details. */
  readonly block: number;
}

const REASON = 600;

/** The index of the page: a row for each case, in the order of the page's numbers. */
export function indexData(result: RunResult, cases: readonly CaseResult[], block: number): IndexData {
  const numbers = new Map(
    result.coverage.map(({ protocol, clause }, index) => [JSON.stringify([protocol, clause]), index]),
  );
  return {
    clauses: result.coverage.map(({ protocol, clause, text }) =>
      [visible(protocol), visible(clause), visible(text), clauseLink(protocol, clause) ?? ""] as const
    ),
    cases: cases.map((one) =>
      rowData(one, one.covers.flatMap((clause) => numbers.get(JSON.stringify([one.protocol, clause])) ?? []))
    ),
    standings: STANDINGS.map((standing) => [standing, SIGNS[standing], STANDING_NAMES[standing]] as const),
    columns: columnsOf(cases).map(({ target, protocol }) => [visible(target), visible(protocol)] as const),
    block,
  };
}

function rowData(one: CaseResult, covers: readonly number[]): RowData {
  return {
    v: one.standing,
    u: visible(one.suite),
    t: visible(one.target),
    p: visible(one.protocol),
    id: visible(one.id),
    ms: Math.round(one.durationMs * 10) / 10,
    k: covers,
    tags: one.tags.map(visible),
    level: one.level,
    purpose: visible(one.purpose),
    reason: cut(visible(reasonOf(one)), REASON),
    warnings: one.warnings.map(visible),
    i: one.iteration,
  };
}
