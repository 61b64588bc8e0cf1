import type { Form } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { durationForm } from "./duration_form.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** Steps on the serial side, over and over until all of them are met: for what a module takes time to get to. */
export interface PollStep extends StepBase {
  readonly kind: "poll";
  readonly within: Value;
  readonly every?: Value | undefined;
  readonly steps: readonly StepBase[];
}

/** `poll: { within: 60s, every: 2s, steps: [ … ] }` */
export const poll: Verb<PollStep> = {
  kind: "poll",
  about:
    "a command and its answer on `dte`, over and over until the answer fits; `every:` is the pause, default 1 s. What " +
    "came of the tries before is passed over",
  written: [["poll: { within: 60s, every: 2s, steps: [ … ] }"]],
  form: (grammar) =>
    object("poll", (keys) => {
      const within = keys.required("within", durationForm(), "the time for it all");
      const every = keys.optional("every", durationForm(), "the pause between two tries; default 1s");
      const steps = keys.required("steps", polled(grammar), "a command and its answer");
      return within && { within, every, steps: steps ?? [] };
    }, "poll: { within: 60s, steps: [ … ] }"),
  map: (step, { value, steps }) => ({
    ...step,
    within: value(step.within),
    every: step.every && value(step.every),
    steps: steps(step.steps),
  }),
  takesTime: () => true,
};

/** What can be tried again: a command and its answer. */
function polled(grammar: Grammar): Form<readonly StepBase[]> {
  return {
    read(node, report) {
      const steps = grammar.steps.read(node, report) ?? [];
      for (const step of steps) {
        if ((step.kind === "send" || step.kind === "expect") && "lane" in step && step.lane === "dte") {
          continue;
        }
        const hint = "only dte -> … and dte <- … may stand here";
        report.add('a step within "poll" that is no command and no answer', step.place, hint);
      }
      if (steps.length === 0 && node.kind === "list" && node.items.length === 0) {
        report.add('no steps within "poll"', node.place, "write a command and its answer");
      }
      return steps;
    },
    schema: (definitions) => grammar.steps.schema(definitions),
  };
}
