import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { countForm } from "./count_form.ts";
import { nameForm } from "./name_form.ts";
import type { StepBase, Verb } from "./verb.ts";

/** The steps several times; the name `as` counts from 1. */
export interface RepeatStep extends StepBase {
  readonly kind: "repeat";
  readonly times: Value;
  readonly as?: string | undefined;
  readonly steps: readonly StepBase[];
}

/** How often a `repeat` may go round. */
export const MOST_TIMES = 100_000;

/** `repeat: { times: 3, as: i, steps: [ … ] }` */
export const repeat: Verb<RepeatStep> = {
  kind: "repeat",
  about: "the steps so often; `$i` counts from 1",
  written: [["repeat: { times: 3, as: i, steps: [ … ] }"]],
  form: (grammar) =>
    object("repeat", (keys) => {
      const times = keys.required("times", countForm("times", MOST_TIMES), "how often");
      const as = keys.optional("as", nameForm(), "the name that counts from 1");
      const steps = keys.required("steps", grammar.steps, "what is repeated");
      return times && { times, as, steps: steps ?? [] };
    }, "repeat: { times: 3, steps: [ … ] }"),
  map: (step, { value, steps }) => ({ ...step, times: value(step.times), steps: steps(step.steps) }),
  names: ({ as }) => as === undefined ? [] : [{ name: as, fields: new Set() }],
};
