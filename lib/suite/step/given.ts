import type { StepBase, Verb } from "./verb.ts";

/** Preconditions in the middle of a case, which are not judged, like the openings at its start. */
export interface GivenStep extends StepBase {
  readonly kind: "given";
  readonly steps: readonly StepBase[];
}

/** `given: [ dte -> reconnect, broker <- opened ]` */
export const given: Verb<GivenStep> = {
  kind: "given",
  about:
    "steps that the case needs but another case tests; if one of them fails, this case is `inconclusive`",
  written: [["given: [ steps ]"]],
  form: (grammar) => ({
    read: (node, report) => ({ steps: grammar.steps.read(node, report) ?? [] }),
    schema: (definitions) => grammar.steps.schema(definitions),
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};
