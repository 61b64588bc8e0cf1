import type { StepBase, Verb } from "./verb.ts";

/** Steps on the serial side that end early, and well, when a command is refused. */
export interface AttemptStep extends StepBase {
  readonly kind: "attempt";
  readonly steps: readonly StepBase[];
}

/** What `dte -> try publish: {…}` becomes in the commands of a dialect. */
export const attempt: Verb<AttemptStep> = {
  kind: "attempt",
  about: "a request in whose place a refusal will do too",
  written: [],
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
