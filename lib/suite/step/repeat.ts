import { integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { isExpect } from "./expect.ts";
import { countForm } from "./count_form.ts";
import { nameForm } from "./name_form.ts";
import type { StepBase, Verb } from "./verb.ts";

/** The steps several times; the name `as` counts from 1. Of rounds that go at once, each step is played for all before the next. */
export interface RepeatStep extends StepBase {
  readonly kind: "repeat";
  readonly times: Value;
  readonly as?: string | undefined;
  readonly atOnce?: number | undefined;
  readonly steps: readonly StepBase[];
}

/** How often a `repeat` may go round. */
export const MOST_TIMES = 100_000;
/** How many rounds may go side by side. */
const MOST_AT_ONCE = 1_000;

/** `repeat: { times: 3, as: i, steps: [ … ] }` */
export const repeat: Verb<RepeatStep> = {
  kind: "repeat",
  about:
    "the steps so often; `$i` counts from 1. With `atOnce: 10`, ten rounds go side by side, or as many as the far end takes before it answers: each step is played for all of them before the next, so that ten requests go out before the first answer is awaited",
  written: [["repeat: { times: 3, as: i, atOnce: 10, steps: [ … ] }"]],
  form: (grammar) =>
    object("repeat", (keys, report) => {
      const times = keys.required("times", countForm("times", MOST_TIMES), "how often");
      const as = keys.optional("as", nameForm(), "the name that counts from 1");
      const atOnce = keys.optional(
        "atOnce",
        integer({ least: 1, most: MOST_AT_ONCE }),
        "how many rounds go side by side, each step for all of them before the next; default 1",
      );
      const steps = keys.required("steps", grammar.steps, "what is repeated");
      const named = (steps ?? []).filter((step) => isExpect(step) && step.as !== undefined);
      if (atOnce !== undefined && atOnce > 1) {
        for (const { place } of named) {
          report.add('"as" in rounds that go side by side', place, 'leave it out, or leave "atOnce" out');
        }
      }
      return times && { times, as, atOnce, steps: steps ?? [] };
    }, "repeat: { times: 3, steps: [ … ] }"),
  map: (step, { value, steps }) => ({ ...step, times: value(step.times), steps: steps(step.steps) }),
  names: ({ as }) => as === undefined ? [] : [{ name: as, fields: new Set() }],
};
