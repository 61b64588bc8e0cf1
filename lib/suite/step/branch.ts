import type { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { isExpect } from "./expect.ts";
import { partyKind } from "./lane.ts";
import type { NothingStep } from "./nothing.ts";
import type { SequenceStep } from "./sequence.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** One of several lists of steps, selected by which first step matches: an arrival, or silence. */
export interface BranchStep extends StepBase {
  readonly kind: "branch";
  readonly steps: readonly StepBase[];
}

/** `branch: [ [ broker <- PUBACK ], [ broker <- PUBREC, broker -> PUBREL ] ]` */
export const branch: Verb<BranchStep> = {
  kind: "branch",
  about: "plays one of the lists in it: each starts with an expectation on the same lane, and the one " +
    "that matches selects the list; one may start with `nothing: { within }` and is played if nothing arrives",
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

/** Whether a step waits for silence of a certain time, and so can begin a list. */
export function isSilence(step: StepBase): step is NothingStep & { readonly within: Value } {
  return step.kind === "nothing" && "within" in step && step.within !== undefined;
}

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
    if (first && (isExpect(first) || isSilence(first))) return [first.lane];
    report.add('a list in "branch" that does not start with an expectation', place, "write lane <- … first");
    return [];
  });
  const silences = lists.flatMap(({ steps: [first] }) => first && isSilence(first) ? [first] : []);
  for (const { place } of silences.slice(1)) {
    report.add('a second list in "branch" that starts with "nothing"', place, "write both as one list");
  }
  for (const { lane, place } of silences) {
    if (partyKind(lane) === "client") continue;
    report.add(
      `a list in "branch" that starts with "nothing" on the lane ${lane}`,
      place,
      "use it on a client's lane",
    );
  }
  if (new Set(lanes).size > 1) {
    report.add(
      'lists in "branch" that start on several lanes',
      node.place,
      "start all lists on the same lane",
    );
  }
  return lists;
}
