import { mapForm } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { durationForm } from "./duration_form.ts";
import type { StepBase, Verb } from "./verb.ts";

export interface WaitStep extends StepBase {
  readonly kind: "wait";
  readonly duration: Value;
}

/** `wait: 500ms` */
export const wait: Verb<WaitStep> = {
  kind: "wait",
  about:
    "lets time pass; behind `ignore: broker` a round trip more, since it is for what the module may still send",
  written: [["wait: 500ms"]],
  form: () => mapForm(durationForm(), (duration) => ({ duration })),
  map: (step, { value }) => ({ ...step, duration: value(step.duration) }),
  takesTime: () => true,
};
