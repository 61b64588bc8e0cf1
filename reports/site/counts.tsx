import { caseRuns, type Standing, STANDINGS, totalOf, type Totals } from "../../lib/run/standing.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { Mark } from "../html/marks.tsx";

/** The worst standing with a count, which gives a cell its colour; `none` if nothing ran. */
export function gravest(totals: Totals): Standing | "none" {
  const found = STANDINGS.find((standing) =>
    standing !== "skip" && standing !== "pass" && totalOf(totals, standing) > 0
  );
  if (found !== undefined) return found;
  return totals.pass > 0 ? "pass" : totals.skip > 0 ? "skip" : "none";
}

/** How many case runs passed, and how many did not, in the colour of the worst. */
export function Cell({ totals }: { totals: Totals | undefined }) {
  if (totals === undefined || caseRuns(totals) === 0) return <td class="none">–</td>;
  const tone = gravest(totals);
  const others = STANDINGS.filter((standing) => standing !== "pass" && totalOf(totals, standing) > 0);
  return (
    <td class={`cell ${tone}`}>
      <Mark of={tone} decorative /> <b>{totals.pass}</b> of {caseRuns(totals)}
      {others.map((standing) => (
        <small key={standing} class={standing}>
          {totalOf(totals, standing)} {STANDING_NAMES[standing]}
        </small>
      ))}
    </td>
  );
}

/** A cell for the count of each standing. */
export function StandingCells({ totals }: { totals: Totals }) {
  return STANDINGS.toReversed().map((standing) => {
    const count = totalOf(totals, standing);
    return <td key={standing} class={`number ${count === 0 ? "zero" : `word ${standing}`}`}>{count}</td>;
  });
}

/** The column headings of {@link StandingCells}. */
export function StandingHeads() {
  return STANDINGS.toReversed().map((standing) => (
    <th key={standing} scope="col">{STANDING_NAMES[standing]}</th>
  ));
}
