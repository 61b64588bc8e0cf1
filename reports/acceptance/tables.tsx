import { CLAUSE_STATES } from "../../lib/run/clause_state.ts";
import type { CaseResult, RunResult, TargetResult } from "../../lib/run/result.ts";
import { type Standing, STANDINGS, tally, totalOf } from "../../lib/run/standing.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { documentName } from "../clause_text.ts";
import { cut, visible } from "../../lib/ground/text.ts";

interface Found {
  readonly result: RunResult;
  readonly target: TargetResult;
}

/** How many cases are named for one reason; the other reports have them all. */
const NAMED = 12;
const LONGEST = 400;

function casesOf({ result, target }: Found): readonly CaseResult[] {
  return result.cases.filter((one) => one.target === target.name);
}

/** The table of suites: how many case runs have each standing. */
export function Suites(found: Found) {
  const cases = casesOf(found);
  const shown = STANDINGS.toReversed().filter((standing) => cases.some((one) => one.standing === standing));
  const suites = [...Map.groupBy(cases, (one) => JSON.stringify([one.suite, one.protocol])).values()];
  return (
    <section>
      <h2>Results</h2>
      <table class="results">
        <thead>
          <tr>
            <th scope="col">Suite</th>
            <th scope="col">Protocol</th>
            <th scope="col">Case runs</th>
            {shown.map((standing) => <th key={standing} scope="col">{heading(standing)}</th>)}
          </tr>
        </thead>
        <tbody>
          {suites.map((own) => (
            <tr key={`${own[0]?.suite} ${own[0]?.protocol}`}>
              <th scope="row">{visible(own[0]?.suite ?? "")}</th>
              <td>{visible(own[0]?.protocol ?? "")}</td>
              <td>{own.length}</td>
              {shown.map((standing) => <td key={standing}>{totalOf(tally(own), standing) || ""}</td>)}
            </tr>
          ))}
          <tr class="sum">
            <th scope="row">all</th>
            <td />
            <td>{cases.length}</td>
            {shown.map((standing) => <td key={standing}>{totalOf(tally(cases), standing)}</td>)}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function heading(standing: Standing): string {
  return standing === "expected-fail" ? "known deviation" : STANDING_NAMES[standing];
}

/** What speaks against accepting it, each case with its reason. */
export function Failures(found: Found) {
  const against = casesOf(found).filter(({ standing }) =>
    standing === "fail" || standing === "error" || standing === "inconclusive" ||
    standing === "unexpected-pass"
  );
  if (against.length === 0) return null;
  return (
    <section>
      <h2>What stands against it</h2>
      <Reasons cases={against} of={(one) => `${STANDING_NAMES[one.standing]}: ${reasonOf(one)}`} />
    </section>
  );
}

/** The known deviations that showed, by their reasons. */
export function Deviations(found: Found) {
  const known = casesOf(found).filter(({ standing }) => standing === "expected-fail");
  if (known.length === 0) return null;
  return (
    <section>
      <h2>Deviations</h2>
      <p class="note">Known and listed with their reasons before the test; they do not refuse the target.</p>
      <Reasons cases={known} of={(one) => one.expected?.reason ?? ""} />
    </section>
  );
}

/** What was not tested, since the target does not claim it. */
export function Skipped(found: Found) {
  const skipped = casesOf(found).filter(({ standing }) => standing === "skip");
  if (skipped.length === 0) return null;
  return (
    <section>
      <h2>Not tested</h2>
      <Reasons cases={skipped} of={reasonOf} />
    </section>
  );
}

function Reasons({ cases, of }: { cases: readonly CaseResult[]; of: (one: CaseResult) => string }) {
  const reasons = [...Map.groupBy(cases, of)];
  return (
    <table class="reasons">
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Clauses</th>
          <th scope="col">Cases</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map(([reason, own]) => (
          <tr key={reason}>
            <td>{cut(visible(reason), LONGEST)}</td>
            <td class="ids">{clausesOf(own)}</td>
            <td class="ids">{named(own)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function clausesOf(cases: readonly CaseResult[]): string {
  return some([...new Set(cases.flatMap(({ covers }) => covers))].sort());
}

function named(cases: readonly CaseResult[]): string {
  const groups = Map.groupBy(cases, ({ id }) => id.replace(/\[.*$/s, ""));
  return some([...groups].map(([id, runs]) => runs.length > 1 ? `${id} (${runs.length})` : id));
}

function some(names: readonly string[]): string {
  const more = names.length > NAMED ? [`and ${names.length - NAMED} more`] : [];
  return [...names.slice(0, NAMED).map(visible), ...more].join(", ");
}

/** How many clauses of each document are kept, broken, undecided, not shown, or have no case. */
export function Clauses({ result, target }: Found) {
  const own = result.coverage.filter((row) => row.tests === undefined || row.tests === target.tests);
  const spoken = own.filter(({ protocol }) => target.protocols.includes(protocol));
  if (spoken.length === 0) return null;
  return (
    <section>
      <h2>Clauses</h2>
      <table class="results">
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col">Clauses</th>
            {CLAUSE_STATES.map((state) => <th key={state} scope="col">{state}</th>)}
          </tr>
        </thead>
        <tbody>
          {[...Map.groupBy(spoken, documentName)].map(([name, rows]) => (
            <tr key={name}>
              <th scope="row">{visible(name)}</th>
              <td>{rows.length}</td>
              {CLAUSE_STATES.map((state) => (
                <td key={state}>{rows.filter((row) => row.state === state).length}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">The report of the run names each of them, with its cases or the reason.</p>
    </section>
  );
}
