import { renderToString } from "preact-render-to-string";
import { STANDINGS, totalOf } from "../../lib/run/standing.ts";
import { visible } from "../../lib/ground/text.ts";
import { compare, differenceText, type NamedRun, standingWord } from "../comparison.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { htmlDocument } from "./document.tsx";
import { Mark } from "./marks.tsx";
import mediaCss from "./media.css" with { type: "text" };
import pageCss from "./page.css" with { type: "text" };
import tablesCss from "./tables.css" with { type: "text" };

/** Runs of suites side by side as one HTML page that needs no network: their totals, and each differing case. */
export function renderComparison(runs: readonly NamedRun[]): string {
  const differences = compare(runs.map(({ result }) => result));
  const title = `${runs.length} runs compared`;
  const body = renderToString(
    <main>
      <header id="summary" class="summary">
        <p class="kind">Conformance report</p>
        <h1>{title}: {differenceText(differences)}</h1>
      </header>
      <section id="totals">
        <h2>Totals</h2>
        <div class="wide">
          <table class="numbers">
            <thead>
              <tr>
                <th>run</th>
                {STANDINGS.map((standing) => <th key={standing}>{STANDING_NAMES[standing]}</th>)}
              </tr>
            </thead>
            <tbody>
              {runs.map(({ name, result }) => (
                <tr key={name}>
                  <td>{visible(name)}</td>
                  {STANDINGS.map((standing) => <td key={standing}>{totalOf(result.totals, standing)}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {differences.length === 0 ? null : (
        <section id="differences">
          <h2>Cases that differ</h2>
          <div class="wide">
            <table>
              <thead>
                <tr>
                  <th>case</th>
                  <th>target</th>
                  <th>protocol</th>
                  {runs.map(({ name }) => <th key={name}>{visible(name)}</th>)}
                </tr>
              </thead>
              <tbody>
                {differences.map(({ id, target, protocol, standings }) => (
                  <tr key={`${id} ${target} ${protocol}`}>
                    <td class="id">{visible(id)}</td>
                    <td>{visible(target)}</td>
                    <td>{visible(protocol)}</td>
                    {standings.map((standing, index) => (
                      <td key={runs[index]?.name}>
                        {standing === undefined ? null : <Mark of={standing} />} {standingWord(standing)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </main>,
  );
  const style = [pageCss, tablesCss, mediaCss].join("");
  return htmlDocument({ title, icon: "data:,", style, scripts: [], data: [], body });
}
