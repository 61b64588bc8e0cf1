import type { CaseResult } from "../../lib/run/result.ts";
import { type Standing, STANDINGS, totalOf, type Totals } from "../../lib/run/standing.ts";
import { nameInSuite } from "../case_name.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { cut, visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";
import { duration } from "./summary.tsx";

/** The table of all cases in the page, grouped by suite; the script filters, sorts and opens its rows. */
export function Cases(
  { cases, left, totals }: { cases: readonly CaseResult[]; left: number; totals: Totals },
) {
  const numbered = cases.map((one, number) => ({ one, number }));
  const suites = Map.groupBy(numbered, ({ one }) => one.suite);
  return (
    <section id="cases">
      <h2>Cases</h2>
      <Toolbar cases={cases} totals={totals} />
      {left > 0
        ? (
          <p class="notice">
            {left} passing case runs are left out here; result.json and the journal hold them
          </p>
        )
        : null}
      <table class="cases">
        <thead>
          <tr>
            <Head name="verdict" label="Verdict" />
            <Head name="case" label="Case" />
            <Head name="target" label="Target" />
            <Head name="protocol" label="Protocol" />
            <Head name="time" label="Time" />
          </tr>
        </thead>
        {[...suites].map(([suite, own]) => <Suite key={suite} suite={suite} own={own} />)}
      </table>
      <p class="none" id="none" hidden>No case matches the filter</p>
    </section>
  );
}

function Toolbar({ cases, totals }: { cases: readonly CaseResult[]; totals: Totals }) {
  const targets = [...new Set(cases.map((one) => one.target))];
  const protocols = [...new Set(cases.map((one) => one.protocol))];
  return (
    <div class="toolbar" role="search">
      <input
        id="find"
        type="search"
        placeholder="Find by id, clause, tag, reason"
        aria-label="Find cases"
        autocomplete="off"
        spellcheck={false}
      />
      <div class="verdicts" role="group" aria-label="Verdicts">
        {STANDINGS.filter((standing) => totalOf(totals, standing) > 0).map((standing) => (
          <button key={standing} type="button" data-verdict={standing} aria-pressed="false" class={standing}>
            <Mark of={standing} /> {STANDING_NAMES[standing]} <b>{totalOf(totals, standing)}</b>
          </button>
        ))}
        {totals.warnings > 0
          ? (
            <button type="button" data-verdict="warnings" aria-pressed="false" class="warnings">
              <span class="mark warning" aria-hidden="true">△</span> with warnings
            </button>
          )
          : null}
      </div>
      {targets.length > 1 ? <Choice id="target" label="All targets" values={targets} /> : null}
      {protocols.length > 1 ? <Choice id="protocol" label="All protocols" values={protocols} /> : null}
      <output id="shown" for="find">{cases.length} shown</output>
    </div>
  );
}

function Choice({ id, label, values }: { id: string; label: string; values: readonly string[] }) {
  return (
    <select id={id} aria-label={label}>
      <option value="">{label}</option>
      {values.map((value) => <option key={value} value={visible(value)}>{visible(value)}</option>)}
    </select>
  );
}

function Head({ name, label }: { name: string; label: string }) {
  return (
    <th scope="col" class={name} aria-sort={name === "case" ? "ascending" : "none"}>
      <button type="button" data-sort={name}>{label}</button>
    </th>
  );
}

function Suite(
  { suite, own }: { suite: string; own: readonly { readonly one: CaseResult; readonly number: number }[] },
) {
  const counts = STANDINGS.map((standing) => ({
    standing,
    n: own.filter(({ one }) => one.standing === standing).length,
  })).filter(({ n }) => n > 0);
  return (
    <tbody>
      <tr class="suite">
        <th colSpan={5} scope="rowgroup">
          <button type="button" class="fold" aria-expanded="true">{visible(suite)}</button>
          <span class="tally">
            {counts.map(({ standing, n }) => <Tally key={standing} standing={standing} n={n} />)}
          </span>
        </th>
      </tr>
      {own.map(({ one, number }) => <Row key={number} one={one} number={number} />)}
    </tbody>
  );
}

function Tally({ standing, n }: { standing: Standing; n: number }) {
  return (
    <span class={standing}>
      <Mark of={standing} /> {n}
    </span>
  );
}

function Row({ one, number }: { one: CaseResult; number: number }) {
  const reason = reasonOf(one);
  return (
    <tr class="case" id={`c${number}`}>
      <td class="verdict">
        <Mark of={one.standing} /> <span class={`word ${one.standing}`}>{STANDING_NAMES[one.standing]}</span>
      </td>
      <td class="case">
        <a href={`#c${number}`} aria-expanded="false">{visible(nameInSuite(one))}</a>
        {one.level === "must" ? null : <span class="chip">{one.level}</span>}
        {one.iteration === undefined ? null : <span class="chip">run {one.iteration}</span>}
        {reason === "" ? null : <span class="why">{cut(visible(reason), 300)}</span>}
        {one.warnings.map((warning) => (
          <span key={warning} class="why warning">{cut(visible(warning), 300)}</span>
        ))}
      </td>
      <td class="target">{visible(one.target)}</td>
      <td class="protocol">{visible(one.protocol)}</td>
      <td class="time">{duration(one.durationMs)}</td>
    </tr>
  );
}
