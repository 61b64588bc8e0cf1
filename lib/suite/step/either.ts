import { type ExpectStep, isExpect } from "./expect.ts";
import type { StepBase, Verb } from "./verb.ts";

/** One of `steps`, each on its own lane: the one on whose lane something arrives first. */
export interface EitherStep extends StepBase {
  readonly kind: "either";
  readonly steps: readonly StepBase[];
}

/** The lanes of a module case, which cannot be inspected before an arrival is consumed. */
const MODULE_LANES: ReadonlySet<string> = new Set(["dte", "broker"]);

/** `either: [ a <- PUBLISH, b <- PUBLISH ]` */
export const either: Verb<EitherStep> = {
  kind: "either",
  about: "one of the expectations in it, each on its own client lane: the one on whose lane something " +
    "arrives first. For outcomes on one lane use `one of`; for steps that depend on what came use " +
    "`branch`",
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
            "only lane <- … is allowed here",
          );
        } else if (MODULE_LANES.has(step.lane)) {
          report.add(
            `"${step.lane}" within "either"`,
            step.place,
            "write branch: [ … ]; only client lanes are allowed here",
          );
        } else if (lanes.has(step.lane)) {
          report.add("two expectations on one lane", step.place, "write lane <- one of: [ … ]");
        } else lanes.add(step.lane);
      }
      return { steps };
    },
    schema: (definitions) => grammar.steps.schema(definitions),
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};

/** Returns the expectations of the step. */
export function alternativesOf({ steps }: EitherStep): readonly ExpectStep[] {
  return steps.filter(isExpect);
}
