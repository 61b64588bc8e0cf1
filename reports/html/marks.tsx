import { type Standing, STANDINGS, totalOf, type Totals } from "../../lib/run/standing.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { SIGNS } from "../signs.ts";

/**
 * The sign of a standing in its colour, with another name if it marks something else; `decorative` if its name is beside it as
 * text.
 */
export function Mark(
  { of, name, decorative }: { of: Standing | "none"; name?: string; decorative?: boolean },
) {
  if (decorative === true) return <span class={`mark ${of}`} aria-hidden="true">{SIGNS[of]}</span>;
  const called = name ?? (of === "none" ? "not covered" : STANDING_NAMES[of]);
  return <span class={`mark ${of}`} role="img" aria-label={called} title={called}>{SIGNS[of]}</span>;
}

/** The shares of the standings as one bar, ordered by interest to the reader from the right. */
export function Bar({ totals }: { totals: Totals }) {
  const order = STANDINGS.toReversed();
  const all = order.reduce((sum, standing) => sum + totalOf(totals, standing), 0);
  let x = 0;
  return (
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" x="0" y="0" width="1000" height="10" />
      {order.map((standing) => {
        const share = all === 0 ? 0 : totalOf(totals, standing) / all * 1000;
        if (share === 0) return null;
        // One failure among a thousand must still be visible.
        const width = Math.max(share, 6);
        const from = Math.min(x, 1000 - width);
        x += share;
        return (
          <rect
            key={standing}
            class={`fill ${standing}`}
            x={from.toFixed(1)}
            y="0"
            width={width.toFixed(1)}
            height="10"
          />
        );
      })}
    </svg>
  );
}

/** Counts by standing. Zeros are left out, except for pass if anything was run. */
export function Counts({ totals }: { totals: Totals }) {
  if (STANDINGS.every((standing) => totalOf(totals, standing) === 0)) return null;
  const shown = STANDINGS.filter((standing) => standing === "pass" || totalOf(totals, standing) > 0);
  return (
    <ul class="counts">
      {shown.map((standing) => (
        <li key={standing} class={standing}>
          <Mark of={standing} decorative />
          <b>{totalOf(totals, standing)}</b> {STANDING_NAMES[standing]}
        </li>
      ))}
      {totals.warnings > 0
        ? (
          <li class="warnings">
            <span class="mark warning" aria-hidden="true">△</span>
            <b>{totals.warnings}</b> {totals.warnings === 1 ? "warning" : "warnings"}
          </li>
        )
        : null}
    </ul>
  );
}
