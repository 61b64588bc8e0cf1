import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import type { StepBase, Verb } from "./verb.ts";

/** The built-in name that tells later steps whether the last `try` was `taken` or `refused`. */
export const TRIED = "tried";

/** Steps that depend on the outcome of the last request with `try`. */
export interface TriedStep extends StepBase {
  readonly kind: "tried";
  /** A value that is `taken` or `refused`. */
  readonly outcome: Value;
  readonly taken: readonly StepBase[];
  readonly refused: readonly StepBase[];
}

/** `tried: { taken: [ … ], refused: [ … ] }` */
export const tried: Verb<TriedStep> = {
  kind: "tried",
  about: "the steps after the last `try`, by its outcome; either list may be omitted",
  written: [["tried: { taken: [ steps ], refused: [ steps ] }"]],
  form: (grammar) =>
    object("tried", (keys) => {
      const taken = keys.optional("taken", grammar.steps, "the steps after an accepted request");
      const refused = keys.optional("refused", grammar.steps, "the steps after a refused request");
      const place = keys.place("taken");
      // This is an unknown variable if no `try` comes before.
      const outcome = place && { kind: "variable" as const, path: [TRIED], place };
      return outcome && { outcome, taken: taken ?? [], refused: refused ?? [] };
    }, "tried: { taken: [ … ], refused: [ … ] }"),
  map: (step, { value, steps }) => ({
    ...step,
    outcome: value(step.outcome),
    taken: steps(step.taken),
    refused: steps(step.refused),
  }),
};
