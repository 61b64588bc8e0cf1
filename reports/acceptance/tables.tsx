import { CLAUSE_STATES } from "../../lib/run/clause_state.ts";
import type { ValueSource } from "../../lib/run/event.ts";
import type { CaseResult, RunResult, TargetResult } from "../../lib/run/result.ts";
import { type Standing, STANDINGS, tally, totalOf } from "../../lib/run/standing.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { documentName } from "../clause_text.ts";
import { cut, visible } from "../../lib/ground/text.ts";
import { LONGEST, named, some } from "./case_names.ts";
import { statementsOf } from "./statements.ts";
import { inManualOrder } from "./suite_order.ts";

interface Found {
  readonly result: RunResult;
  readonly target: TargetResult;
}

function casesOf({ result, target }: Found): readonly CaseResult[] {
  return result.cases.filter((one) => one.target === target.name);
}

/** How many case runs of each suite have each standing, and warnings: a table for each protocol, in the order of its document. */
export function Suites(found: Found) {
  const cases = casesOf(found);
  const shown = STANDINGS.toReversed().filter((standing) => cases.some((one) => one.standing === standing));
  const protocols = Map.groupBy(inManualOrder(cases, found.result.coverage), ({ protocol }) => protocol);
  return (
    <section>
      <h2>Results</h2>
      <div class="suites">
        {[...protocols].map(([protocol, suites]) => (
          <table key={protocol} class="results">
            <thead>
              <tr>
                <th scope="col">{visible(protocol)}</th>
                <th scope="col">case runs</th>
                {shown.map((standing) => <th key={standing} scope="col">{heading(standing)}</th>)}
                <th scope="col">warnings</th>
              </tr>
            </thead>
            <tbody>
              {suites.map(({ suite, cases: own }) => (
                <Counts key={suite} name={suite} cases={own} shown={shown} />
              ))}
              <Counts
                name="all"
                cases={suites.flatMap((one) => one.cases)}
                shown={shown}
                sum
              />
            </tbody>
          </table>
        ))}
      </div>
    </section>
  );
}

function Counts({ name, cases, shown, sum }: {
  readonly name: string;
  readonly cases: readonly CaseResult[];
  readonly shown: readonly Standing[];
  readonly sum?: boolean;
}) {
  const totals = tally(cases);
  return (
    <tr class={sum ? "sum" : undefined}>
      <th scope="row">{visible(name)}</th>
      <td>{cases.length}</td>
      {shown.map((standing) => <td key={standing}>{totalOf(totals, standing) || ""}</td>)}
      <td>{totals.warnings || ""}</td>
    </tr>
  );
}

function heading(standing: Standing): string {
  return standing === "expected-fail" ? "known" : STANDING_NAMES[standing];
}

/** What was not tested, since the target does not claim it. */
export function Skipped(found: Found) {
  const skipped = casesOf(found).filter(({ standing }) => standing === "skip");
  if (skipped.length === 0) return null;
  return (
    <section>
      <h2>Not tested</h2>
      <table class="reasons">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Clauses</th>
            <th scope="col">Cases</th>
          </tr>
        </thead>
        <tbody>
          {[...Map.groupBy(skipped, reasonOf)].map(([reason, own]) => (
            <tr key={reason}>
              <td>{cut(visible(reason), LONGEST)}</td>
              <td class="ids">{some([...new Set(own.flatMap(({ covers }) => covers))].sort())}</td>
              <td class="ids">{named(own)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const SOURCES: readonly (readonly [from: ValueSource, heading: string])[] = [
  ["target", "Of the target"],
  ["command line", "Of the command line"],
  ["suites", "Defaults of the suites"],
];

/** The values that the cases used, by where they come from. */
export function Values({ target }: Found) {
  const { values = [] } = target;
  if (values.length === 0) return null;
  return (
    <section>
      <h2>Values</h2>
      <dl class="values">
        {SOURCES.map(([from, heading]) => {
          const own = values.filter((one) => one.from === from);
          if (own.length === 0) return null;
          return (
            <div key={from}>
              <dt>{heading}</dt>
              <dd>
                {own.map(({ name, value }) => (
                  <span key={`${name} ${value}`}>{visible(name)}&nbsp;{cut(visible(value), VALUE)}</span>
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

/** The longest value that is shown whole, in characters. */
const VALUE = 60;

/** How many clauses of each document are kept, broken, undecided, not shown, or have no case. */
export function Clauses({ result, target }: Found) {
  const spoken = statementsOf(result, target);
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
          {[...Map.groupBy(spoken, ({ row }) => documentName(row))].map(([name, own]) => (
            <tr key={name}>
              <th scope="row">{visible(name)}</th>
              <td>{own.length}</td>
              {CLAUSE_STATES.map((state) => (
                <td key={state}>{own.filter((one) => one.state === state).length}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">The report of the run names each of them, with its cases or the reason.</p>
    </section>
  );
}
