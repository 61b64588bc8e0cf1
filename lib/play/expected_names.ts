import type { Outcome } from "../suite/step/outcome.ts";
import { eachStep, type Step } from "../suite/step/step.ts";

/** Returns the packets and prefixes that the expectations of steps name. */
export function expectedNames(steps: readonly Step[]): ReadonlySet<string> {
  const said = new Set<string>();
  const outcome = (each: Outcome) => {
    if (each.kind === "packet") said.add(each.type);
    if (each.kind === "result") said.add(each.prefix);
  };
  for (const step of eachStep(steps)) if (step.kind === "expect") step.outcomes.forEach(outcome);
  return said;
}
