import type { CaseResult } from "./result.ts";
import { type Standing, STANDINGS } from "./standing.ts";

/** One fault of a target, and all case runs that show it. */
export interface Finding {
  /** Counted from 1; the gravest standing first, then the finding with the most case runs. */
  readonly number: number;
  readonly standing: Standing;
  readonly target: string;
  readonly protocols: readonly string[];
  /** The broken clauses: those of the rule if a packet breaks one, otherwise those that all its cases cover. */
  readonly clauses: readonly string[];
  /** The case with the shortest conversation, which shows it best. */
  readonly example: CaseResult;
  /** All case runs that show it, in run order, including the example. */
  readonly cases: readonly CaseResult[];
}

const REPORTED: ReadonlySet<Standing> = new Set(STANDINGS.filter((one) => one !== "pass" && one !== "skip"));

/**
 * Groups the case runs that did not pass by fault, across cases and protocols: by the rule that a packet
 * breaks, whatever the case; by what was expected and received, under one clause; by one case in several
 * protocols. Known deviations are grouped by the reason in their list.
 */
export function findingsOf(cases: readonly CaseResult[]): readonly Finding[] {
  const groups = new Groups();
  for (const one of cases) if (REPORTED.has(one.standing)) groups.add(one);
  const ordered = groups.all().toSorted((a, b) => rank(a[0]) - rank(b[0]) || b.length - a.length);
  return ordered.flatMap((own, at) => findingOf(own, at + 1) ?? []);
}

function rank(one: CaseResult | undefined): number {
  return one === undefined ? STANDINGS.length : STANDINGS.indexOf(one.standing);
}

/**
 * Formats the count, such as `12 findings in 143 case runs`; empty if there are none. Known deviations do not
 * count.
 */
export function findingsCount(findings: readonly Finding[]): string {
  const own = findings.filter(({ standing }) => standing !== "expected-fail");
  if (own.length === 0) return "";
  const runs = own.reduce((sum, { cases }) => sum + cases.length, 0);
  return `${own.length} ${own.length === 1 ? "finding" : "findings"} in ${runs} case ${
    runs === 1 ? "run" : "runs"
  }`;
}

/** Returns the case runs that show a finding, except its example. */
export function othersOf({ example, cases }: Finding): readonly CaseResult[] {
  return cases.filter((one) => one !== example);
}

function findingOf(cases: readonly CaseResult[], number: number): Finding | undefined {
  const [example] = cases.toSorted((a, b) =>
    a.chart.length - b.chart.length || a.id.length - b.id.length || a.n - b.n
  );
  if (example === undefined) return undefined;
  const { failure } = example;
  const ruled = failure?.rules !== undefined && failure.rules.length > 0;
  const clauses = ruled
    ? failure.clauses.filter(({ clause }) => !example.covers.includes(clause)).map(({ clause }) => clause)
    : example.covers.filter((clause) =>
      cases.every((one) => one.protocol !== example.protocol || one.covers.includes(clause))
    );
  return {
    number,
    standing: example.standing,
    target: example.target,
    protocols: [...new Set(cases.map(({ protocol }) => protocol))],
    clauses: clauses.length > 0 ? clauses : example.covers,
    example,
    cases,
  };
}

interface Group {
  readonly cases: CaseResult[];
  readonly keys: string[];
}

/** Groups case runs that have a key in common. */
class Groups {
  readonly #byKey = new Map<string, Group>();

  add(one: CaseResult): void {
    const keys = keysOf(one);
    const [first, ...others] = new Set(keys.flatMap((key) => this.#byKey.get(key) ?? []));
    const group = first ?? { cases: [], keys: [] };
    group.cases.push(one, ...others.flatMap(({ cases }) => cases));
    for (const key of [...keys, ...others.flatMap((other) => other.keys)]) {
      if (this.#byKey.get(key) === group) continue;
      this.#byKey.set(key, group);
      group.keys.push(key);
    }
  }

  /** The groups, each in run order. */
  all(): readonly (readonly CaseResult[])[] {
    return [...new Set(this.#byKey.values())].map(({ cases }) => cases.toSorted((a, b) => a.n - b.n));
  }
}

/** Returns the keys of a case run; runs with the same fault have at least one key in common. */
function keysOf(one: CaseResult): readonly string[] {
  const { failure, standing, target } = one;
  const key = (...parts: readonly string[]) => JSON.stringify([standing, target, ...parts]);
  if (one.expected !== undefined) return [key("known", one.expected.reason)];
  if (failure?.rules !== undefined && failure.rules.length > 0) return [key("rule", ...failure.rules)];
  const what = withoutNames(one.reason ?? failure?.message ?? "");
  // A wrong flag is wrong whatever the case is about, and so is a failed opening.
  if (standing === "inconclusive" || FLAG.test(what)) return [key("what", what)];
  const [clause = ""] = failure?.clauses.map(({ clause }) => clause) ?? one.covers;
  return [key("clause", what, one.protocol, clause), key("case", what, one.id)];
}

const FLAG = /^\w+ \w+ is (?:true|false), expected (?:true|false)/;

/** Removes from a reason what differs between runs: topics, payloads, packet ids, times, offsets. */
function withoutNames(reason: string): string {
  return reason
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\bid=\d+/g, "id")
    .replaceAll(/\bpacketId \d+/g, "packetId")
    .replaceAll(/\d+(?:\.\d+)? (?:ms|s|bytes)\b/g, "some")
    .replaceAll(/127\.0\.0\.1:\d+/g, "the address")
    .replaceAll(/ \((?:\d of \d alone|byte \d+)\)/g, "");
}
