import type { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { counting, isRepeated, readRepeated, repeated, repeatedSchema } from "../field/repeated_items.ts";
import { expect, isExpect } from "./expect.ts";
import type { SequenceStep } from "./sequence.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** The expectations in `steps`, in any order and on any lanes. */
export interface AllStep extends StepBase {
  readonly kind: "all";
  readonly steps: readonly StepBase[];
}

/** `all: [ a <- PUBLISH, b <- PUBLISH ]` */
export const all: Verb<AllStep> = {
  kind: "all",
  about: "the expectations in it, in any order, on any lanes; a list among them, for one lane, is matched " +
    "in its own order",
  written: [
    ["all: [ steps ]"],
    [
      "all: { each: { sub <- PUBLISH: { payload: $i } }, times: 500, as: i }",
      "the same expectation this many times, in any order; `$i` counts from 1. It may stand in the " +
      "list of another `all`, and in a list of that, where it is matched in its own order",
    ],
  ],
  form: (grammar) => ({
    read: (node, report) => ({ steps: readAll(node, report, grammar) }),
    schema(definitions) {
      const steps = grammar.steps.schema(definitions);
      const counted = {
        anyOf: [grammar.step.schema(definitions), repeatedSchema(grammar.step.schema(definitions))],
      };
      return {
        anyOf: [
          steps,
          repeatedSchema(grammar.step.schema(definitions)),
          {
            type: "array",
            items: {
              anyOf: [
                steps,
                grammar.step.schema(definitions),
                repeatedSchema(grammar.step.schema(definitions)),
                { type: "array", items: counted },
              ],
            },
          },
        ],
      };
    },
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};

function readAll(node: Node, report: Report, grammar: Grammar): readonly StepBase[] {
  if (isRepeated(node)) return readCounted(node, report, grammar);
  const items = node.kind === "list" ? node.items : [];
  if (!items.some((item) => item.kind === "list" || isRepeated(item))) {
    return readExpectations(node, report, grammar.steps);
  }
  return items.flatMap((item): readonly StepBase[] => {
    if (isRepeated(item)) return readCounted(item, report, grammar);
    if (item.kind !== "list") return readExpectations(item, report, grammar.step);
    const steps = item.items.flatMap((each) =>
      isRepeated(each) ? readCounted(each, report, grammar) : readExpectations(each, report, grammar.step)
    );
    const lane = laneOf(steps[0]);
    const other = steps.find((step) => laneOf(step) !== lane);
    if (other) report.add("a sequence on two lanes", other.place, "there is no order between lanes");
    const sequence: SequenceStep = {
      kind: "sequence",
      place: item.place,
      source: grammar.sourceOf(item),
      steps,
    };
    return [sequence];
  });
}

/** Expands one counted expectation. */
function readCounted(node: Node, report: Report, grammar: Grammar): readonly StepBase[] {
  const counted = readRepeated(node, report);
  if (!counted) return [];
  const steps = readExpectations(counted.each, report, grammar.step).filter(isExpect);
  for (const { as, place } of steps) {
    if (as !== undefined) report.add('"as" in a repeated step', place, "remove it");
  }
  return repeated(counted, (count) =>
    steps.map((step) => {
      const value = (given: Value) => counting(given, counted.as, count);
      return expect.map(step, { value, lane: (lane) => lane, steps: (inner) => inner });
    })).flat();
}

function readExpectations(
  node: Node,
  report: Report,
  form: Grammar["step"] | Grammar["steps"],
): readonly StepBase[] {
  const steps = [form.read(node, report) ?? []].flat();
  for (const step of steps) {
    if (step.kind === "expect") continue;
    const hint = "only lane <- … is allowed here, or a list of such steps";
    report.add('a step within "all" that expects nothing', step.place, hint);
  }
  return steps;
}

function laneOf(step: StepBase | undefined): unknown {
  return step && "lane" in step ? step.lane : undefined;
}
