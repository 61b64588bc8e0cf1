import type { CaseResult } from "../../lib/run/result.ts";
import { type Standing, STANDINGS } from "../../lib/run/standing.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { visible } from "../../lib/ground/text.ts";
import { caseAddress } from "./address.ts";
import { caseName } from "../case_name.ts";
import { type Column, columnsOf } from "./columns.ts";
import { Mark } from "./marks.tsx";
import { duration } from "./script/duration.js";

/** How many of the slowest cases the page names. */
const SLOWEST = 10;

/**
 * Each suite with its time and its outcome on each target and protocol. The script opens a suite's row to its cases, and can
 * show only the rows with differing columns.
 */
export function Suites({ cases }: { cases: readonly CaseResult[] }) {
  if (cases.length === 0) return null;
  const columns = columnsOf(cases);
  const suites = [...Map.groupBy(cases, ({ suite }) => suite)].toSorted(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0
  );
  return (
    <section id="suites">
      <h2>Suites</h2>
      {columns.length > 1
        ? (
          <p class="choice">
            <label>
              <input type="checkbox" id="differences" /> Differences only
            </label>
          </p>
        )
        : null}
      <div class="suites" role="region" aria-label="Suites" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Suite</th>
              <th scope="col" class="time">Time</th>
              {columns.map(({ key, target, protocol }) => (
                <th key={key} scope="col">
                  {visible(target)} <small>{visible(protocol)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {suites.map(([suite, own]) => <SuiteRow key={suite} suite={suite} own={own} columns={columns} />)}
          </tbody>
        </table>
      </div>
      <Slowest cases={cases} />
    </section>
  );
}

function SuiteRow(
  { suite, own, columns }: { suite: string; own: readonly CaseResult[]; columns: readonly Column[] },
) {
  const calm = own.every(({ standing }) => standing === "pass" || standing === "skip");
  return (
    <tr class={calm ? "calm" : undefined}>
      <th scope="row">
        <span class="name">{visible(suite)}</span>
      </th>
      <td class="time">{duration(own.reduce((sum, { durationMs }) => sum + durationMs, 0))}</td>
      {columns.map(({ key, target, protocol }) => (
        <td key={key}>
          <Counted runs={own.filter((one) => one.target === target && one.protocol === protocol)} />
        </td>
      ))}
    </tr>
  );
}

function Counted({ runs }: { runs: readonly CaseResult[] }) {
  if (runs.length === 0) return <span class="dim" title="not run here">·</span>;
  const counts = Map.groupBy(runs, ({ standing }) => standing);
  return (
    <>
      {STANDINGS.filter((standing) => counts.has(standing)).map((standing) => (
        <Tally key={standing} standing={standing} n={counts.get(standing)?.length ?? 0} />
      ))}
    </>
  );
}

function Tally({ standing, n }: { standing: Standing; n: number }) {
  return (
    <span class={`tally ${standing}`}>
      <Mark of={standing} name={`${n} ${STANDING_NAMES[standing]}`} /> {n}
    </span>
  );
}

function Slowest({ cases }: { cases: readonly CaseResult[] }) {
  const slow = cases.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  if (slow.length < 2) return null;
  return (
    <details class="facts slowest">
      <summary>The slowest cases</summary>
      <ol>
        {slow.map((one) => (
          <li key={one.n}>
            <span class="time">{duration(one.durationMs)}</span>{" "}
            <a href={`#${caseAddress(one)}`}>{caseName(one)}</a>
          </li>
        ))}
      </ol>
    </details>
  );
}
