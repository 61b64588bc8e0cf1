import type { StepBase, Verb } from "./verb.ts";

/** Within `all`: expectations of one lane that are met in this order. */
export interface SequenceStep extends StepBase {
  readonly kind: "sequence";
  readonly steps: readonly StepBase[];
}

/** A list among the expectations of `all`. */
export const sequence: Verb<SequenceStep> = {
  kind: "sequence",
  about: "a list among the expectations of `all`, of one lane, which is met in its own order",
  written: [],
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
