import type { StepBase, Verb } from "./verb.ts";

/** Expectations on one lane inside `all` that match in this order. */
export interface SequenceStep extends StepBase {
  readonly kind: "sequence";
  readonly steps: readonly StepBase[];
}

/** A list among the expectations of `all`. */
export const sequence: Verb<SequenceStep> = {
  kind: "sequence",
  about: "a list among the expectations of `all`, on one lane, which is matched in its own order",
  written: [],
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
