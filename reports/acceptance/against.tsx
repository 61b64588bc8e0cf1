import { cut, visible } from "../../lib/ground/text.ts";
import { findingsOf, withoutNames } from "../../lib/run/findings.ts";
import type { CaseResult, RunResult, TargetResult } from "../../lib/run/result.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { LONGEST, named } from "./case_names.ts";
import { type Statement, statementsOf } from "./statements.ts";

/** A note on a target's sheet: one fault, deviation or warning, and the case runs that show it. */
export interface Note {
  /** `F1`, `D2`, `W3`: failures, known deviations and warnings, each counted from 1. */
  readonly number: string;
  readonly text: string;
  /** Numbers of clauses that it breaks or misses, by protocol. */
  readonly clauses: readonly (readonly [protocol: string, clause: string])[];
  readonly cases: readonly CaseResult[];
}

/** All notes on a target, by what they are. */
export interface Notes {
  readonly failures: readonly Note[];
  readonly deviations: readonly Note[];
  readonly warnings: readonly Note[];
}

/** Gathers a run's notes on a target: failures and deviations by what was wrong, warnings by what was missed. */
export function notesOf(result: RunResult, target: TargetResult): Notes {
  const cases = result.cases.filter((one) => one.target === target.name);
  const findings = findingsOf(cases);
  const known = findings.filter(({ standing }) => standing === "expected-fail");
  const against = findings.filter(({ standing }) => standing !== "expected-fail");
  const missed = Map.groupBy(
    cases.flatMap((one) => one.warnings.map((warning) => ({ one, warning: withoutPlace(warning) }))),
    ({ one, warning }) => JSON.stringify([withoutNames(warning), one.suite, one.level]),
  );
  return {
    failures: against.map(({ standing, example, cases, clauses }, at) => ({
      number: `F${at + 1}`,
      text: `${STANDING_NAMES[standing]}: ${reasonOf(example) || (example.failure?.message ?? "")}`,
      clauses: clausesOf(cases, clauses),
      cases,
    })),
    deviations: known.map(({ example, cases, clauses }, at) => ({
      number: `D${at + 1}`,
      text: example.expected?.reason ?? "",
      clauses: clausesOf(cases, clauses),
      cases,
    })),
    warnings: [...missed.values()].map((own, at) => {
      const ofCases = [...new Set(own.map(({ one }) => one))];
      return {
        number: `W${at + 1}`,
        text: own[0] ? `${own[0].one.purpose}: ${own[0].warning.replace(MISSED, "")}` : "",
        clauses: clausesOf(ofCases, []),
        cases: ofCases,
      };
    }),
  };
}

/** What the cases are about, and the clauses of the rules that a packet broke in them. */
function clausesOf(cases: readonly CaseResult[], clauses: readonly string[]): Note["clauses"] {
  const [first] = cases;
  const all = [
    ...clauses.map((clause) => [first?.protocol ?? "", clause] as const),
    ...cases.flatMap(({ protocol, covers }) => covers.map((clause) => [protocol, clause] as const)),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** What a warning of a missed level begins with; the purpose says the same. */
const MISSED = /^A (?:SHOULD|MAY) was not met: /;

/** A warning without the place of its step, which the case says. */
function withoutPlace(warning: string): string {
  return warning.replace(/ \([^()]*:\d+\)$/, "");
}

/** A table of notes under a heading; nothing where there are none. */
export function NoteTable({ title, note, notes }: {
  readonly title: string;
  readonly note?: string;
  readonly notes: readonly Note[];
}) {
  if (notes.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      {note === undefined ? null : <p class="note">{note}</p>}
      <table class="notes">
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">What it does</th>
            <th scope="col">Cases</th>
          </tr>
        </thead>
        <tbody>
          {notes.map(({ number, text, cases }) => (
            <tr key={number}>
              <th scope="row">{number}</th>
              <td>{cut(visible(text), LONGEST)}</td>
              <td class="ids">{named(cases)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The text of each statement that is broken, or missed with a warning, and the numbers of the notes that show it. */
export function BrokenStatements({ result, target, notes }: {
  readonly result: RunResult;
  readonly target: TargetResult;
  readonly notes: Notes;
}) {
  const rows = statementRows(statementsOf(result, target), [
    ...notes.failures,
    ...notes.deviations,
    ...notes.warnings,
  ]);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>Statements that are broken or missed</h2>
      <p class="note">
        In the words of attest; F is what stands against the target, D a known deviation, W a warning.
      </p>
      <table class="statements">
        <thead>
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">What it asks for</th>
            <th scope="col">Shown by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ protocol, clause, text, notes }) => (
            <tr key={`${protocol} ${clause}`}>
              <th scope="row" class="ids">{visible(clause)}</th>
              <td>{cut(visible(text), LONGEST)}</td>
              <td class="ids">{notes.map(({ number }) => number).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface StatementRow {
  readonly protocol: string;
  readonly clause: string;
  readonly text: string;
  readonly notes: Note[];
}

/** The statements that the notes are about, in the order of the documents; a rule of another document follows them. */
function statementRows(statements: readonly Statement[], notes: readonly Note[]): readonly StatementRow[] {
  const rows = new Map(statements.map(({ row }) => [row, { ...row, notes: [] as Note[] }]));
  const others = new Map<string, StatementRow>();
  for (const note of notes) {
    for (const [protocol, clause] of note.clauses) {
      // A packet of a case about the command manual may break a rule of MQTT.
      const own = statements.filter(({ row }) => row.clause === clause);
      const { row } = own.find(({ row }) => row.protocol === protocol) ?? own[0] ?? {};
      const text = note.cases.flatMap(({ failure }) => failure?.clauses ?? []).find((one) =>
        one.clause === clause
      )?.text;
      const shown = (row && rows.get(row)) ?? others.get(clause) ??
        { protocol, clause, text: text ?? "", notes: [] };
      if (!row) others.set(clause, shown);
      if (!shown.notes.includes(note)) shown.notes.push(note);
    }
  }
  return [...rows.values(), ...others.values()].filter(({ notes }) => notes.length > 0);
}
