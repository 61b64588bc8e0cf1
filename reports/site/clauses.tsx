import { CLAUSE_STATES, type ClauseState } from "../../lib/run/clause_state.ts";
import type { Standing } from "../../lib/run/standing.ts";
import { visible } from "../../lib/ground/text.ts";
import { clauseLink } from "../clause_link.ts";
import { Mark } from "../html/marks.tsx";
import { framed, link, Wide } from "./frame.tsx";
import type { Site, SiteDocument } from "./site.ts";

const TONES: Readonly<Record<ClauseState, Standing | "none">> = {
  "kept": "pass",
  "broken": "fail",
  "undecided": "inconclusive",
  "not shown": "skip",
  "no case": "none",
};

/** The page of a document: each clause, and what the latest run of each target shows about it. */
export function documentPage(site: Site, { name, page, targets, clauses }: SiteDocument): string {
  return framed({
    path: page,
    title: name,
    site,
    children: (
      <>
        <header id="summary" class="summary">
          <p class="kind">Clauses</p>
          <h1>{visible(name)}</h1>
          <p class="sub">{clauses.length} clauses, from the latest run of each target</p>
        </header>
        <section id="states">
          <h2>Counts</h2>
          <Wide label="Clauses by state">
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">Target</th>
                  {CLAUSE_STATES.map((state) => <th key={state} scope="col">{state}</th>)}
                </tr>
              </thead>
              <tbody>
                {targets.map((target, at) => (
                  <tr key={target.name}>
                    <th scope="row">
                      <a href={link(page, target.page)}>{visible(target.name)}</a>
                    </th>
                    {CLAUSE_STATES.map((state) => (
                      <td key={state} class="number">
                        {clauses.filter(({ states }) => states[at] === state).length}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </section>
        <section id="clauses">
          <h2>Clauses</h2>
          <Wide label="Clauses by target">
            <table class="matrix">
              <thead>
                <tr>
                  <th scope="col">Clause</th>
                  <th scope="col">Requirement</th>
                  {targets.map(({ name }) => <th key={name} scope="col">{visible(name)}</th>)}
                </tr>
              </thead>
              <tbody>
                {clauses.map(({ row, states }) => {
                  const address = clauseLink(row.protocol, row.clause);
                  const clause = visible(row.clause);
                  return (
                    <tr key={row.clause}>
                      <th scope="row" class="id">
                        {address === undefined ? clause : <a class="section" href={address}>{clause}</a>}
                      </th>
                      <td class="text">
                        {visible(row.text)}
                        {row.section === undefined ? null : <small>§ {visible(row.section)}</small>}
                        {row.uncovered === undefined
                          ? null
                          : <small>No case: {visible(row.uncovered)}</small>}
                      </td>
                      {states.map((state, at) =>
                        state === undefined
                          ? <td key={targets[at]?.name} class="none">–</td>
                          : (
                            <td key={targets[at]?.name} class="state">
                              <Mark of={TONES[state]} decorative /> {state}
                            </td>
                          )
                      )}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Wide>
        </section>
      </>
    ),
  });
}
