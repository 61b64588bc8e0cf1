import type { CaseResult } from "../../lib/run/result.ts";
import type { ClauseCoverage } from "../../lib/run/coverage.ts";

/** The case runs of one suite in one protocol. */
export interface SuiteRuns {
  readonly suite: string;
  readonly protocol: string;
  readonly cases: readonly CaseResult[];
}

/** Chapters that every suite leans on: the line and the states of a command manual, the fields and encodings of MQTT. */
const GENERAL = /^(?:[A-Z]+-(?:AT|S)|MQTT-[12]\.\d+)$/;
/** A suite belongs to a general chapter where less than this share of its case runs is about another. */
const OWN_SHARE = 0.25;
/** A suite about no more chapters than this is about one of them, however short the document is. */
const FEW = 2;

/**
 * The suites of a run in the order of the documents that they test: by the chapter that most of their case runs are about, the
 * chapters in the order of `coverage`. Suites about more than half of the chapters, and those without clauses, come last.
 */
export function inManualOrder(
  cases: readonly CaseResult[],
  coverage: readonly ClauseCoverage[],
): readonly SuiteRuns[] {
  const chapters = new Map<string, string[]>();
  for (const { protocol, clause } of coverage) {
    const own = chapters.get(protocol) ?? [];
    chapters.set(protocol, own);
    if (!own.includes(chapterOf(clause))) own.push(chapterOf(clause));
  }
  const protocols = [...chapters.keys()];
  const suites = [...Map.groupBy(cases, ({ suite, protocol }) => JSON.stringify([suite, protocol])).values()]
    .flatMap((own) => own[0] ? { suite: own[0].suite, protocol: own[0].protocol, cases: own } : []);
  const rank = (one: SuiteRuns): readonly number[] => [
    placeIn(protocols, one.protocol),
    placeIn(chapters.get(one.protocol) ?? [], mainChapter(one.cases, chapters.get(one.protocol) ?? [])),
  ];
  return suites.map((one) => ({ one, rank: rank(one) })).toSorted((a, b) =>
    (a.rank[0] ?? 0) - (b.rank[0] ?? 0) || (a.rank[1] ?? 0) - (b.rank[1] ?? 0) ||
    (a.one.suite < b.one.suite ? -1 : 1)
  ).map(({ one }) => one);
}

/** `ECMT-OPEN` of `ECMT-OPEN-W3`, `MQTT-3.1` of `MQTT-3.1.2-7`. */
function chapterOf(clause: string): string {
  return /^MQTT-\d+\.\d+/.exec(clause)?.[0] ?? clause.replace(/-[A-Z]*\d*$/, "");
}

function placeIn(names: readonly string[], name: string | undefined): number {
  const at = name === undefined ? -1 : names.indexOf(name);
  return at < 0 ? names.length : at;
}

function mainChapter(cases: readonly CaseResult[], chapters: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { covers } of cases) {
    for (const one of new Set(covers.map(chapterOf))) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  if (counts.size > FEW && 2 * counts.size > chapters.length) return undefined;
  const ordered = [...counts].toSorted(([, a], [, b]) => b - a);
  const [own] = ordered.filter(([name]) => !GENERAL.test(name));
  if (own && own[1] >= OWN_SHARE * cases.length) return own[0];
  return ordered[0]?.[0];
}
