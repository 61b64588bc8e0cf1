import { type ExpectStep, isExpect } from "./expect.ts";
import type { StepBase, Verb } from "./verb.ts";

/** One of `steps`, each on a lane of its own: that of the lane on which something comes first. */
export interface EitherStep extends StepBase {
  readonly kind: "either";
  readonly steps: readonly StepBase[];
}

/** The lanes of a module case, whose arrivals can't be looked at before they are taken. */
const MODULE_LANES: ReadonlySet<string> = new Set(["dte", "broker"]);

/** `either: [ a <- PUBLISH, b <- PUBLISH ]` */
export const either: Verb<EitherStep> = {
  kind: "either",
  about:
    "one of the expectations in it, each on a client's lane of its own: that of the lane on which something comes first. Outcomes of one lane are `one of`, and steps that follow what came are `branch`",
  written: [["either: [ steps ]"]],
  form: (grammar) => ({
    read(node, report) {
      const steps = grammar.steps.read(node, report) ?? [];
      const lanes = new Set<string>();
      for (const step of steps) {
        if (!isExpect(step)) {
          report.add(
            'a step within "either" that expects nothing',
            step.place,
            "only lane <- … may stand here",
          );
        } else if (MODULE_LANES.has(step.lane)) {
          report.add(
            `"${step.lane}" within "either"`,
            step.place,
            "write branch: [ … ]; only clients' lanes may stand here",
          );
        } else if (lanes.has(step.lane)) {
          report.add("two expectations of one lane", step.place, "write lane <- one of: [ … ]");
        } else lanes.add(step.lane);
      }
      return { steps };
    },
    schema: (definitions) => grammar.steps.schema(definitions),
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};

/** The expectations of the step. */
export function alternativesOf({ steps }: EitherStep): readonly ExpectStep[] {
  return steps.filter(isExpect);
}
