import type { ValueSource, ValueUsed } from "../run/event.ts";
import { type Value, valueText } from "../spec/value.ts";
import { type AllClaims, claimsIn } from "../suite/claim/claims.ts";
import type { PlannedCase } from "./plan.ts";

/**
 * The values that the suites of these cases use on a target, in the order of their names: what the command line gives (`given`), else
 * what the target has, else the default of the suite. A value that differs between suites or protocols is there more than once.
 * Cases that are skipped use none.
 */
export function valuesUsed(
  target: AllClaims,
  cases: readonly PlannedCase[],
  given: ReadonlyMap<string, Value>,
): readonly ValueUsed[] {
  const used = new Map<string, ValueUsed>();
  for (const { case: one, protocol, skip } of cases) {
    if (skip !== undefined) continue;
    const own = claimsIn(target, protocol).values;
    for (const [name, fallback] of one.values) {
      const from: ValueSource = given.has(name) ? "command line" : own.has(name) ? "target" : "suites";
      const value = valueText(given.get(name) ?? own.get(name) ?? fallback);
      used.set(JSON.stringify([name, value, from]), { name, value, from });
    }
  }
  return [...used.values()].toSorted((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
