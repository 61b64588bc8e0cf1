import { integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { isExpect } from "./expect.ts";
import { countForm } from "./count_form.ts";
import { nameForm } from "./name_form.ts";
import type { StepBase, Verb } from "./verb.ts";

/**
 * Repeats the steps; the name `as` counts from 1. In parallel rounds, each step runs for all rounds before
 * the next step.
 */
export interface RepeatStep extends StepBase {
  readonly kind: "repeat";
  readonly times: Value;
  readonly as?: string | undefined;
  readonly atOnce?: number | undefined;
  readonly steps: readonly StepBase[];
}

/** The most rounds of a `repeat`. */
export const MOST_TIMES = 100_000;
/** The most parallel rounds. */
const MOST_AT_ONCE = 1_000;

/** `repeat: { times: 3, as: i, steps: [ … ] }` */
export const repeat: Verb<RepeatStep> = {
  kind: "repeat",
  about: "the steps, this many times; `$i` counts from 1. With `atOnce: 10`, ten rounds run in parallel, " +
    "or as many as the peer accepts before it responds: each step runs for all of them before the " +
    "next, so ten requests are sent before the first response is awaited",
  written: [["repeat: { times: 3, as: i, atOnce: 10, steps: [ … ] }"]],
  form: (grammar) =>
    object("repeat", (keys, report) => {
      const times = keys.required("times", countForm("times", MOST_TIMES), "the number of rounds");
      const as = keys.optional("as", nameForm(), "the name that counts from 1");
      const atOnce = keys.optional(
        "atOnce",
        integer({ least: 1, most: MOST_AT_ONCE }),
        "the number of parallel rounds, each step for all of them before the next; default 1",
      );
      const steps = keys.required("steps", grammar.steps, "the steps to repeat");
      const named = (steps ?? []).filter((step) => isExpect(step) && step.as !== undefined);
      if (atOnce !== undefined && atOnce > 1) {
        for (const { place } of named) {
          report.add('"as" in parallel rounds', place, 'remove it, or remove "atOnce"');
        }
      }
      return times && { times, as, atOnce, steps: steps ?? [] };
    }, "repeat: { times: 3, steps: [ … ] }"),
  map: (step, { value, steps }) => ({ ...step, times: value(step.times), steps: steps(step.steps) }),
  names: ({ as }) => as === undefined ? [] : [{ name: as, fields: new Set() }],
};
