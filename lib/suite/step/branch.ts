import type { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import { isExpect } from "./expect.ts";
import type { SequenceStep } from "./sequence.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** One of several lists of steps: that whose first step is met by what comes. */
export interface BranchStep extends StepBase {
  readonly kind: "branch";
  readonly steps: readonly StepBase[];
}

/** `branch: [ [ broker <- PUBACK ], [ broker <- PUBREC, broker -> PUBREL ] ]` */
export const branch: Verb<BranchStep> = {
  kind: "branch",
  about:
    "one of the lists in it: each begins with an expectation on the same lane, and what comes there decides which is played",
  written: [["branch: [ [ steps ], [ steps ] ]"]],
  form: (grammar) => ({
    read: (node, report) => ({ steps: readLists(node, report, grammar) }),
    schema: (definitions) => ({
      type: "array",
      minItems: 2,
      items: { type: "array", minItems: 1, items: grammar.step.schema(definitions) },
    }),
  }),
  map: (step, { steps }) => ({ ...step, steps: steps(step.steps) }),
};

function readLists(node: Node, report: Report, grammar: Grammar): readonly StepBase[] {
  const items = node.kind === "list" ? node.items : [];
  if (items.length < 2 || items.some((item) => item.kind !== "list")) {
    report.add('expected two lists or more in "branch"', node.place, "branch: [ [ steps ], [ steps ] ]");
    return [];
  }
  const lists = items.map((item): SequenceStep => ({
    kind: "sequence",
    place: item.place,
    source: grammar.sourceOf(item),
    steps: grammar.steps.read(item, report) ?? [],
  }));
  const lanes = lists.flatMap(({ steps, place }) => {
    const [first] = steps;
    if (first && isExpect(first)) return [first.lane];
    report.add('a list in "branch" that does not begin with an expectation', place, "write lane <- … first");
    return [];
  });
  if (new Set(lanes).size > 1) {
    report.add('lists in "branch" that begin on several lanes', node.place, "what comes on one lane decides");
  }
  return lists;
}
