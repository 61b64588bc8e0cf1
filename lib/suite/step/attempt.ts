import type { StepBase, Verb } from "./verb.ts";

/** Steps on the serial side that end early, successfully, if the command is refused. */
export interface AttemptStep extends StepBase {
  readonly kind: "attempt";
  readonly steps: readonly StepBase[];
}

/** The expansion of `dte -> try publish: {…}` in the commands of a dialect. */
export const attempt: Verb<AttemptStep> = {
  kind: "attempt",
  about: "a request that the module may also refuse",
  written: [],
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
