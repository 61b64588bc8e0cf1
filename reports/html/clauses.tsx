import { clauseCounts, type ClauseState } from "../../lib/run/clause_state.ts";
import type { ClauseCoverage } from "../../lib/run/coverage.ts";
import { clauseLink } from "../clause_link.ts";
import { documentName } from "../clause_text.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/** Every clause that the run could cover, by protocol, with what its cases show about it. */
export function Clauses({ coverage }: { coverage: readonly ClauseCoverage[] }) {
  if (coverage.length === 0) return null;
  const documents = Map.groupBy(coverage, documentName);
  return (
    <section id="clauses">
      <h2>Clause coverage</h2>
      {[...documents].map(([name, clauses]) => {
        const share = (state: ClauseState) =>
          clauses.filter((row) => row.state === state).length / clauses.length * 1000;
        const kept = share("kept");
        return (
          <details key={name} class="protocol" open={documents.size === 1 || clauses.length <= 12}>
            <summary>
              <span class="id">{visible(name)}</span>
              <span>
                {clauses.length} clauses: {clauseCounts(clauses)}
              </span>
              <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="bar-ground" x="0" y="0" width="1000" height="10" />
                <rect class="fill pass" x="0" y="0" width={kept.toFixed(1)} height="10" />
                <rect
                  class="fill fail"
                  x={kept.toFixed(1)}
                  y="0"
                  width={share("broken").toFixed(1)}
                  height="10"
                />
              </svg>
            </summary>
            <table class="clauses">
              <thead>
                <tr>
                  {columnsOf(clauses).map((target) => (
                    <th key={target} scope="col">{target === "" ? "State" : visible(target)}</th>
                  ))}
                  <th scope="col">Clause</th>
                  <th scope="col">Requirement</th>
                  <th scope="col">Cases</th>
                </tr>
              </thead>
              <tbody>{clauses.map((row) => <Clause key={row.clause} row={row} />)}</tbody>
            </table>
          </details>
        );
      })}
    </section>
  );
}

/** The targets of a protocol if there are several, otherwise one column without a name. */
function columnsOf(clauses: readonly ClauseCoverage[]): readonly string[] {
  return clauses[0]?.targets?.map(({ target }) => target) ?? [""];
}

function Clause({ row }: { row: ClauseCoverage }) {
  return (
    <tr class={row.cases === 0 ? "uncovered" : undefined}>
      {(row.targets ?? [{ ...row, target: "" }]).map((
        { target, verdict, state },
      ) => (
        <td key={target}>
          <Mark of={verdict} name={state} />
        </td>
      ))}
      <td class="id">
        {row.cases === 0
          ? visible(row.clause)
          : <a href="#cases" data-find={visible(row.clause)}>{visible(row.clause)}</a>}
      </td>
      <td>
        {visible(row.text)} <Section row={row} />
        {row.uncovered === undefined ? null : <small class="why">No case: {visible(row.uncovered)}</small>}
      </td>
      <td class="number">{row.cases === 0 ? "none" : row.cases}</td>
    </tr>
  );
}

/** The clause's section, as a link to its paragraph if its text is published. */
function Section({ row }: { row: ClauseCoverage }) {
  const link = clauseLink(row.protocol, row.clause);
  const name = row.section === undefined ? "text" : `§ ${visible(row.section)}`;
  if (link !== undefined) return <a class="section" href={link}>{name}</a>;
  return row.section === undefined ? null : <small class="dim">{name}</small>;
}
