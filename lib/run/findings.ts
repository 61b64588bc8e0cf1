import type { CaseResult } from "./result.ts";
import { type Standing, STANDINGS } from "./standing.ts";

/** One fault of a target, and all case runs that show it. */
export interface Finding {
  /** Counted from 1; the gravest standing first, then the finding with the most case runs. */
  readonly number: number;
  readonly standing: Standing;
  readonly target: string;
  readonly protocols: readonly string[];
  /** The rules of MQTT that a packet breaks; empty where a well-formed packet did not match a step. */
  readonly rules: readonly string[];
  /**
   * The clauses that are broken: those of the rule where a packet breaks one, else what all its cases are about. Empty for a rule
   * for which the text has no number.
   */
  readonly clauses: readonly string[];
  /** The case with the shortest conversation, which shows it best. */
  readonly example: CaseResult;
  /** All case runs that show it, in run order, including the example. */
  readonly cases: readonly CaseResult[];
}

const REPORTED: ReadonlySet<Standing> = new Set(STANDINGS.filter((one) => one !== "pass" && one !== "skip"));

/**
 * Groups the case runs that did not pass by fault, across cases and protocols: by the rule that a packet
 * breaks, whatever the case; by what was expected and received, under a common clause; by one case in several
 * protocols. What says little, such as silence, is one fault under a clause only if at least half of the cases about the clause fail.
 * Known deviations are grouped by the reason in their list.
 */
export function findingsOf(cases: readonly CaseResult[]): readonly Finding[] {
  const groups = new Groups();
  const broken = brokenClauses(cases);
  for (const one of cases) if (REPORTED.has(one.standing)) groups.add(one, keysOf(one, broken));
  const gravest = (own: readonly CaseResult[]) => Math.min(...own.map(rank));
  const ordered = groups.all().toSorted((a, b) => gravest(a) - gravest(b) || b.length - a.length);
  return ordered.flatMap((own, at) => findingOf(own, at + 1) ?? []);
}

function rank(one: CaseResult): number {
  return STANDINGS.indexOf(one.standing);
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
  const gravest = Math.min(...cases.map(rank));
  const [example] = cases.filter((one) => rank(one) === gravest).toSorted((a, b) =>
    a.chart.length - b.chart.length || a.id.length - b.id.length || a.n - b.n
  );
  if (example === undefined) return undefined;
  const rules = rulesOf(example);
  return {
    number,
    standing: example.standing,
    target: example.target,
    protocols: [...new Set(cases.map(({ protocol }) => protocol))],
    rules,
    clauses: rules.length > 0 ? ruleClauses(cases, example) : commonClauses(cases, example),
    example,
    cases,
  };
}

function rulesOf({ failure }: CaseResult): readonly string[] {
  return failure?.rules ?? [];
}

/** The clauses that state the broken rule: in the example's protocol, else in that of another case. */
function ruleClauses(cases: readonly CaseResult[], example: CaseResult): readonly string[] {
  for (const { failure } of [example, ...cases]) {
    const own = failure?.clauses.filter(({ ofRule }) => ofRule).map(({ clause }) => clause) ?? [];
    if (own.length > 0) return own;
  }
  return [];
}

/** What all cases of the example's protocol are about. */
function commonClauses(cases: readonly CaseResult[], example: CaseResult): readonly string[] {
  const common = example.covers.filter((clause) =>
    cases.every((one) => one.protocol !== example.protocol || one.covers.includes(clause))
  );
  return common.length > 0 ? common : example.covers;
}

interface Group {
  readonly cases: CaseResult[];
  readonly keys: string[];
}

/** Groups case runs that have a key in common. */
class Groups {
  readonly #byKey = new Map<string, Group>();

  /** Adds a case run; runs with the same fault have at least one key in common. */
  add(one: CaseResult, keys: readonly string[]): void {
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

/** The clauses about which at least half of the judged case runs fail, as {@link clauseName} writes them. */
function brokenClauses(cases: readonly CaseResult[]): ReadonlySet<string> {
  const counts = new Map<string, { passed: number; failed: number }>();
  for (const one of cases.filter(({ standing }) => standing === "pass" || standing === "fail")) {
    for (const clause of one.covers) {
      const name = clauseName(one, clause);
      const count = counts.get(name) ?? { passed: 0, failed: 0 };
      if (one.standing === "pass") count.passed++;
      else count.failed++;
      counts.set(name, count);
    }
  }
  return new Set([...counts].filter(([, { passed, failed }]) => failed >= passed).map(([name]) => name));
}

function clauseName({ target, protocol }: CaseResult, clause: string): string {
  return JSON.stringify([target, protocol, clause]);
}

/** Returns the keys of a case run; `broken` are the clauses about which at least half of the cases fail. */
function keysOf(one: CaseResult, broken: ReadonlySet<string>): readonly string[] {
  const { failure, standing, target, warnings } = one;
  const key = (...parts: readonly string[]) => JSON.stringify([standing, target, ...parts]);
  if (one.expected !== undefined) return [key("known", one.expected.reason)];
  // A target that can't be used again is the finding of the case that did it.
  const since = SINCE.exec(one.reason ?? "")?.groups?.["id"];
  if (since !== undefined) return [JSON.stringify(["since", target, since])];
  if ([one.reason ?? "", ...warnings].some((said) => BEHIND.test(said))) {
    return [JSON.stringify(["since", target, one.id])];
  }
  // A packet breaks its rule in an opening too, where the case is inconclusive.
  if (rulesOf(one).length > 0) return [JSON.stringify(["rule", target, ...rulesOf(one)])];
  const what = withoutNames(one.reason ?? failure?.message ?? "");
  // A flag that is wrong is wrong whatever the case is about, and so is an opening that is not met, or a line that is dead.
  if (standing === "inconclusive" || standing === "error" || PLAIN.test(what)) return [key("what", what)];
  const cut = cutShort(one.reason ?? failure?.message ?? "");
  if (cut !== undefined) return [key("cut", cut)];
  const clauses = failure?.clauses.map(({ clause }) => clause) ?? one.covers;
  const shared = WEAK.test(what) ? clauses.filter((each) => broken.has(clauseName(one, each))) : clauses;
  const own = one.id.replace(/\[.*$/s, "");
  return [...shared.map((each) => key("clause", what, one.protocol, each)), key("case", what, own)];
}

/** What does not show the cause: silence, and a CONNECT that is accepted whatever is wrong in it. */
const WEAK = /^Nothing came|^(?:Unexpected CONNACK with|CONNACK) \w+ code (?:is )?0\b/;

/** What is said of a case that leaves a target useless, and of those that can't run for it. */
const BEHIND = /^Behind this case the module can't be used again: /;
const SINCE = /^The module can't be used since (?<id>.+?): /;

/** What tells the fault by itself: a wrong flag, and a connection that is closed before a packet. */
const PLAIN =
  /^\w+ \w+(?: \w+)? is (?:true|false), expected (?:true|false)|^The connection was closed, expected/;

/** `PUBLISH payload is` of a text that lacks its end: what is cut short is cut short whatever it is. */
function cutShort(reason: string): string | undefined {
  const sizes = /^(?<what>.+ is) (?<got>\d+) bytes, expected (?<wanted>\d+) bytes/.exec(reason)?.groups;
  if (sizes) return Number(sizes["got"]) < Number(sizes["wanted"]) ? sizes["what"] : undefined;
  const empty = /^(?<what>.+ is) "", expected [1-9]\d* bytes/.exec(reason)?.groups;
  if (empty) return empty["what"];
  const texts = /^(?<what>.+? is) "(?<got>(?:[^"\\]|\\.)*)", expected "(?<wanted>(?:[^"\\]|\\.)*)"/s.exec(
    reason,
  )?.groups;
  if (!texts) return undefined;
  const { what, got = "", wanted = "" } = texts;
  return got.length < wanted.length && wanted.startsWith(got) ? what : undefined;
}

/** A reason without what differs from run to run: topics, payloads, packet ids, times, offsets. */
export function withoutNames(reason: string): string {
  return reason
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\bid=\d+/g, "id")
    .replaceAll(/\bpacketId \d+/g, "packetId")
    .replaceAll(/\d+(?:\.\d+)? (?:ms|s|bytes)\b/g, "some")
    .replaceAll(/127\.0\.0\.1:\d+/g, "the address")
    .replaceAll(/ \((?:\d of \d alone|not run again alone: [^()]*|byte \d+)\)/g, "");
}
