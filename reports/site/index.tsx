import { clauseCounts } from "../../lib/run/clause_state.ts";
import { tally } from "../../lib/run/standing.ts";
import { visible } from "../../lib/ground/text.ts";
import { Bar } from "../html/marks.tsx";
import { Cell } from "./counts.tsx";
import { framed, link, Wide } from "./frame.tsx";
import type { Site } from "./site.ts";

/** The first page: suites against targets, from the latest run of each target. */
export function indexPage(site: Site): string {
  const path = "index.html";
  const latest = site.runs.at(-1);
  return framed({
    path,
    title: "Conformance results",
    site,
    children: (
      <>
        <header id="summary" class="summary">
          <p class="kind">Conformance results</p>
          <h1>
            {site.targets.length} {site.targets.length === 1 ? "target" : "targets"}, {site.runs.length}{" "}
            {site.runs.length === 1 ? "run" : "runs"}
          </h1>
          <p class="sub">
            From the latest run of each target{latest === undefined
              ? ""
              : `; the newest run is of ${latest.date}`}
          </p>
        </header>
        <Matrix site={site} path={path} />
        {site.documents.length === 0 ? null : (
          <section id="clauses">
            <h2>Clauses</h2>
            <ul class="documents">
              {site.documents.map(({ name, page, clauses, targets }) => (
                <li key={name}>
                  <a class="section" href={link(path, page)}>{visible(name)}</a>: {clauses.length} clauses
                  <ul>
                    {targets.map((target, at) => (
                      <li key={target.name}>
                        {visible(target.name)}: {clauseCounts(
                          clauses.flatMap(({ states }) => {
                            const state = states[at];
                            return state === undefined ? [] : [{ state }];
                          }),
                        )}
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </section>
        )}
      </>
    ),
  });
}

function Matrix({ site, path }: { site: Site; path: string }) {
  const suites = new Set(site.targets.flatMap(({ latest }) => latest.cases.map(({ suite }) => suite)));
  const byTarget = site.targets.map(({ latest }) => Map.groupBy(latest.cases, ({ suite }) => suite));
  return (
    <section id="suites">
      <h2>Suites</h2>
      <Wide label="Suites by target">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Suite</th>
              {site.targets.map(({ name, page, latest: { target, run } }) => (
                <th key={name} scope="col">
                  <a href={link(path, page)}>{visible(name)}</a>
                  {target.version === undefined ? null : <small>{visible(target.version)}</small>}
                  <small>{run.date.slice(0, 10)}</small>
                  <Bar totals={target.totals} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="all">
              <th scope="row">All suites</th>
              {site.targets.map(({ name, latest: { target } }) => <Cell key={name} totals={target.totals} />)}
            </tr>
            {[...suites].toSorted().map((suite) => (
              <tr key={suite}>
                <th scope="row">{visible(suite)}</th>
                {byTarget.map((cases, at) => (
                  <Cell key={site.targets[at]?.name} totals={tally(cases.get(suite) ?? [])} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
