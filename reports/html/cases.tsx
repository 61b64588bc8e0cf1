import type { CaseResult } from "../../lib/run/result.ts";
import { STANDINGS, totalOf, type Totals } from "../../lib/run/standing.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/**
 * The frame of the table of all cases. The script fills it with the rows near the window, filters and sorts them, and opens
 * the details of a case below its row.
 */
export function Cases(
  { cases, left, totals }: { cases: readonly CaseResult[]; left: number; totals: Totals },
) {
  if (cases.length === 0) return null;
  return (
    <section id="cases">
      <h2>Cases</h2>
      <Toolbar cases={cases} totals={totals} />
      {left > 0
        ? (
          <p class="notice">
            {left} passing case runs are left out here; see result.json or the journal
          </p>
        )
        : null}
      <p class="notice scriptless">
        The table of the {cases.length}{" "}
        case runs needs the script of this page; without it, see result.json or junit.xml
      </p>
      <table class="cases" aria-label="Cases" aria-rowcount={-1}>
        <thead>
          <tr>
            <Head name="verdict" label="Verdict" />
            <Head name="case" label="Case" />
            <Head name="target" label="Target" />
            <Head name="protocol" label="Protocol" />
            <Head name="time" label="Time" />
          </tr>
        </thead>
      </table>
      <p class="none" id="none" hidden>No case matches the filter</p>
    </section>
  );
}

function Toolbar({ cases, totals }: { cases: readonly CaseResult[]; totals: Totals }) {
  const targets = [...new Set(cases.map((one) => one.target))];
  const protocols = [...new Set(cases.map((one) => one.protocol))];
  return (
    <div class="toolbar" role="search" aria-label="Cases">
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
            <Mark of={standing} decorative /> {STANDING_NAMES[standing]} <b>{totalOf(totals, standing)}</b>
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
