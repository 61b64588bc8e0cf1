import type { Form } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { durationForm } from "./duration_form.ts";
import type { Grammar, StepBase, Verb } from "./verb.ts";

/** Repeats steps on the serial side until all of them match, for a state that a module takes time to reach. */
export interface PollStep extends StepBase {
  readonly kind: "poll";
  readonly within: Value;
  readonly every?: Value | undefined;
  readonly steps: readonly StepBase[];
}

/** `poll: { within: 60s, every: 2s, steps: [ … ] }` */
export const poll: Verb<PollStep> = {
  kind: "poll",
  about: "a command and its response on `dte`, repeated until the response matches; `every:` is the " +
    "pause, default 1 s. The responses of failed attempts are ignored",
  written: [["poll: { within: 60s, every: 2s, steps: [ … ] }"]],
  form: (grammar) =>
    object("poll", (keys) => {
      const within = keys.required("within", durationForm(), "the time limit for all attempts");
      const every = keys.optional("every", durationForm(), "the pause between two attempts; default 1s");
      const steps = keys.required("steps", polled(grammar), "a command and its response");
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

/** The steps that can be retried: a command and its response. */
function polled(grammar: Grammar): Form<readonly StepBase[]> {
  return {
    read(node, report) {
      const steps = grammar.steps.read(node, report) ?? [];
      for (const step of steps) {
        if ((step.kind === "send" || step.kind === "expect") && "lane" in step && step.lane === "dte") {
          continue;
        }
        const hint = "only dte -> … and dte <- … are allowed here";
        report.add('a step within "poll" that is neither a command nor a response', step.place, hint);
      }
      if (steps.length === 0 && node.kind === "list" && node.items.length === 0) {
        report.add('no steps within "poll"', node.place, "write a command and its response");
      }
      return steps;
    },
    schema: (definitions) => grammar.steps.schema(definitions),
  };
}
