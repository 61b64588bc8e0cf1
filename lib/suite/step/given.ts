import type { StepBase, Verb } from "./verb.ts";

/** Steps that a case needs and does not judge, in its middle as an opening does at its beginning. */
export interface GivenStep extends StepBase {
  readonly kind: "given";
  readonly steps: readonly StepBase[];
}

/** `given: [ dte -> reconnect, broker <- opened ]` */
export const given: Verb<GivenStep> = {
  kind: "given",
  about:
    "steps that the case needs and that another case is about; if one of them goes wrong, this case is `inconclusive`",
  written: [["given: [ steps ]"]],
  form: (grammar) => ({
    read: (node, report) => ({ steps: grammar.steps.read(node, report) ?? [] }),
    schema: (definitions) => grammar.steps.schema(definitions),
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
