import type { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { SequenceStep } from "./sequence.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** The expectations of `steps`, in any order, on any lanes. */
export interface AllStep extends StepBase {
  readonly kind: "all";
  readonly steps: readonly StepBase[];
}

/** `all: [ a <- PUBLISH, b <- PUBLISH ]` */
export const all: Verb<AllStep> = {
  kind: "all",
  about:
    "the expectations in it, in any order, on any lanes; a list among them, of one lane, is met in its own order",
  written: [["all: [ steps ]"]],
  form: (grammar) => ({
    read: (node, report) => ({ steps: readAll(node, report, grammar) }),
    schema(definitions) {
      const steps = grammar.steps.schema(definitions);
      return {
        anyOf: [steps, { type: "array", items: { anyOf: [steps, grammar.step.schema(definitions)] } }],
      };
    },
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};

function readAll(node: Node, report: Report, grammar: Grammar): readonly StepBase[] {
  const items = node.kind === "list" ? node.items : [];
  if (!items.some((item) => item.kind === "list")) return readExpectations(node, report, grammar.steps);
  return items.flatMap((item): readonly StepBase[] => {
    if (item.kind !== "list") return readExpectations(item, report, grammar.step);
    const steps = readExpectations(item, report, grammar.steps);
    const lane = laneOf(steps[0]);
    const other = steps.find((step) => laneOf(step) !== lane);
    if (other) report.add("a sequence on two lanes", other.place, "lanes have no order against each other");
    const sequence: SequenceStep = {
      kind: "sequence",
      place: item.place,
      source: grammar.sourceOf(item),
      steps,
    };
    return [sequence];
  });
}

function readExpectations(
  node: Node,
  report: Report,
  form: Grammar["step"] | Grammar["steps"],
): readonly StepBase[] {
  const steps = [form.read(node, report) ?? []].flat();
  for (const step of steps) {
    if (step.kind === "expect") continue;
    const hint = "only lane <- … may stand here, or a list of such";
    report.add('a step within "all" that expects nothing', step.place, hint);
  }
  return steps;
}

function laneOf(step: StepBase | undefined): unknown {
  return step && "lane" in step ? step.lane : undefined;
}
