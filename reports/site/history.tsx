import type { RunResult } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";
import { compare, differenceText, standingWord } from "../comparison.ts";
import { Mark } from "../html/marks.tsx";
import { StandingCells, StandingHeads } from "./counts.tsx";
import { framed, link, Wide } from "./frame.tsx";
import type { Site, SiteTarget, TargetRun } from "./site.ts";

/** The most changed cases listed between two runs. */
const CHANGES = 200;

/** The page of all runs by date, with the totals of each target. */
export function historyPage(site: Site, full: boolean): string {
  const path = "history.html";
  return framed({
    path,
    title: "History",
    site,
    children: (
      <>
        <header id="summary" class="summary">
          <p class="kind">Conformance results</p>
          <h1>History</h1>
          <p class="sub">Runs by date, latest first; the page of each target shows its changes</p>
        </header>
        <section id="runs">
          <h2>Runs</h2>
          <Wide label="Runs">
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">Target</th>
                  <th scope="col">Version</th>
                  <StandingHeads />
                </tr>
              </thead>
              <tbody>
                {site.runs.toReversed().flatMap((run) =>
                  site.targets.flatMap((target) =>
                    target.runs.filter((one) => one.run === run).map((one) => (
                      <tr key={`${run.report} ${target.name}`}>
                        <td>{full ? <a href={link(path, run.report)}>{run.date}</a> : run.date}</td>
                        <td>
                          <a href={link(path, target.page)}>{visible(target.name)}</a>
                        </td>
                        <td>{visible(one.target.version ?? "")}</td>
                        <StandingCells totals={one.target.totals} />
                      </tr>
                    ))
                  )
                )}
              </tbody>
            </table>
          </Wide>
        </section>
      </>
    ),
  });
}

/** The runs of a target with their totals, and the changes from each to the next; latest first. */
export function Changes(
  { target, path, full }: { target: SiteTarget; path: string; full: boolean },
) {
  const pairs = target.runs.slice(1).map((later, at) => ({ later, earlier: target.runs[at] }));
  return (
    <section id="history">
      <h2>History</h2>
      <Wide label="Runs of this target">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Version</th>
              <th scope="col">attest</th>
              <StandingHeads />
            </tr>
          </thead>
          <tbody>
            {target.runs.toReversed().map(({ run, target: shown }) => (
              <tr key={run.report}>
                <td>{full ? <a href={link(path, run.report)}>{run.date}</a> : run.date}</td>
                <td>{visible(shown.version ?? "")}</td>
                <td>{visible(run.result.attest.version)}</td>
                <StandingCells totals={shown.totals} />
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {pairs.toReversed().map(({ earlier, later }) =>
        earlier === undefined ? null : <Change key={later.run.report} earlier={earlier} later={later} />
      )}
    </section>
  );
}

function Change({ earlier, later }: { earlier: TargetRun; later: TargetRun }) {
  const changes = compare([alone(earlier), alone(later)]);
  const head = `${earlier.run.date} to ${later.run.date}: ${differenceText(changes).toLowerCase()}`;
  if (changes.length === 0) return <p class="change">{head}</p>;
  return (
    <details class="change">
      <summary>{head}</summary>
      <ul class="cases-of">
        {changes.slice(0, CHANGES).map(({ id, protocol, standings: [before, after] }) => (
          <li key={`${id} ${protocol}`}>
            <span class="id">{visible(id)} ({visible(protocol)})</span>: {standingWord(before)} →{" "}
            {after === undefined ? null : <Mark of={after} decorative />} {standingWord(after)}
          </li>
        ))}
        {changes.length > CHANGES ? <li>and {changes.length - CHANGES} more</li> : null}
      </ul>
    </details>
  );
}

/** A run reduced to this target. */
function alone({ run, target, cases }: TargetRun): RunResult {
  return { ...run.result, targets: [target], cases };
}
