import { fileSchema, type Form, type JsonSchema, Report, text } from "../../spec/form.ts";
import { mapOf, type Named, object } from "../../spec/form_parts.ts";
import type { Place } from "../../spec/place.ts";
import { type Problem, quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { readYaml } from "../../spec/yaml.ts";
import { dueClauses, type Kind, KINDS, testsKind } from "./due_clauses.ts";
import type { Suite } from "./model.ts";

/** A clause without a case, and the reason. */
export interface Uncovered {
  readonly clause: string;
  readonly reason: string;
  readonly place: Place;
}

/** The entries of the file of uncovered clauses for one protocol and one kind of target. */
export interface Account {
  readonly kind: Kind;
  readonly protocol: string;
  readonly place: Place;
  readonly entries: readonly Uncovered[];
}

const PROTOCOL = { what: "a protocol such as 3.1.1 or ECMT", pattern: /^(\d\.\d(\.\d)?|[A-Z][A-Z0-9-]*)$/ };
const CLAUSE = { what: "a clause", pattern: /^[A-Z][A-Z0-9]*(-[A-Z0-9.]+)*$/ };

type Protocols = readonly Named<readonly Named<string>[]>[];

const PROTOCOLS: Form<Protocols> = mapOf(
  PROTOCOL,
  mapOf(CLAUSE, text({ what: "a reason", longest: 500 })),
);

const FORM = object("a file of uncovered clauses", (keys) =>
  keys.required(
    "uncovered",
    object("uncovered clauses by kind of target", (kinds) => ({
      broker: kinds.optional(
        "broker",
        PROTOCOLS,
        "for the broker suites: reasons by protocol and clause",
      ),
      module: kinds.optional(
        "module",
        PROTOCOLS,
        "for the module suites: reasons by protocol and clause",
      ),
      client: kinds.optional(
        "client",
        PROTOCOLS,
        "of the suites for client libraries: reasons by protocol and clause",
      ),
    })),
    "clauses that no case can cover, each with its reason; every other clause of a protocol named " +
      "here needs a case",
  ));

/** Reads the file of uncovered clauses. Reports a clause that a protocol does not have. Never throws. */
export function loadUncovered(
  content: string,
  file: string,
): { readonly accounts: readonly Account[]; readonly problems: readonly Problem[] } {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  if (!root && problems.length === 0) report.add("an empty file", { file, line: 1, column: 1, length: 1 });
  const found = root && FORM.read(root, report);
  const accounts = KINDS.flatMap((kind) =>
    (found?.[kind] ?? []).map((protocol) => accountOf(kind, protocol, report))
  );
  return { accounts, problems: report.problems };
}

function accountOf(kind: Kind, { name, place, value }: Protocols[number], report: Report): Account {
  const due = dueClauses(kind, name).map(({ id }) => id);
  if (due.length === 0) {
    report.add(`no clauses of ${quote(name)} for a ${kind}`, place, "remove the protocol");
  }
  for (const { name: clause, place } of due.length === 0 ? [] : value) {
    if (due.includes(clause)) continue;
    report.add(`no clause ${quote(clause)} of ${name} for a ${kind}`, place, suggest(clause, due));
  }
  const entries = value.map(({ name: clause, place, value: reason }) => ({ clause, reason, place }));
  return { kind, protocol: name, place, entries };
}

/** Returns why no case for this kind of target covers a clause, or undefined if the file gives no reason. */
export function reasonUncovered(
  accounts: readonly Account[],
  kind: Kind,
  protocol: string,
  clause: string,
): string | undefined {
  const account = accounts.find((one) => one.kind === kind && one.protocol === protocol);
  return account?.entries.find((entry) => entry.clause === clause)?.reason ??
    dueClauses(kind, protocol).find(({ id }) => id === clause)?.uncovered;
}

/**
 * Reports contradictions between the file and the suites: a listed clause that has a case, and a clause of a
 * listed protocol that has neither a case nor a reason.
 */
export function uncoveredProblems(
  accounts: readonly Account[],
  suites: readonly Suite[],
): readonly Problem[] {
  const report = new Report();
  for (const { kind, protocol, place, entries } of accounts) {
    const covering = casesByClause(suites, kind, protocol);
    for (const entry of entries) {
      const [first] = covering.get(entry.clause) ?? [];
      if (first === undefined) continue;
      report.add(`${entry.clause} is covered by ${first}`, entry.place, "remove the line");
    }
    for (const { id } of dueClauses(kind, protocol)) {
      if (covering.has(id) || reasonUncovered(accounts, kind, protocol, id) !== undefined) continue;
      report.add(`${id} of ${protocol} has no case for a ${kind}`, place, "write one, or add a reason here");
    }
  }
  return report.problems;
}

/** Returns the ids of the cases for a kind of target that cover each clause of a protocol, in suite order. */
export function casesByClause(
  suites: readonly Suite[],
  kind: Kind,
  protocol: string,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (
    const one of suites.filter(({ tests }) => testsKind(tests, kind, protocol)).flatMap(({ cases }) => cases)
  ) {
    for (const clause of one.covers[protocol] ?? []) {
      found.set(clause, [...found.get(clause) ?? [], one.id]);
    }
  }
  return found;
}

/** Returns the JSON Schema of the file of uncovered clauses, draft 2020-12. */
export function uncoveredJsonSchema(): JsonSchema {
  return fileSchema(FORM, "attest file of uncovered clauses");
}
