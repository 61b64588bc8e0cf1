import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import type { StepBase, Verb } from "./verb.ts";

/** The name by which later steps know whether the last `try` was `taken` or `refused`. */
export const TRIED = "tried";

/** Steps that follow the last request with `try` before it, by what became of that. */
export interface TriedStep extends StepBase {
  readonly kind: "tried";
  /** Stands for `taken` or `refused`. */
  readonly outcome: Value;
  readonly taken: readonly StepBase[];
  readonly refused: readonly StepBase[];
}

/** `tried: { taken: [ … ], refused: [ … ] }` */
export const tried: Verb<TriedStep> = {
  kind: "tried",
  about: "the steps that follow the last `try`, by what became of it; either list may be left out",
  written: [["tried: { taken: [ steps ], refused: [ steps ] }"]],
  form: (grammar) =>
    object("tried", (keys) => {
      const taken = keys.optional("taken", grammar.steps, "what follows a request that was taken");
      const refused = keys.optional("refused", grammar.steps, "what follows one that was refused");
      const place = keys.place("taken");
      // An unknown variable where no try stands before it.
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
