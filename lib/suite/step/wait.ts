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
    "waits; after `ignore: broker` one more round trip, because it waits for what the module may still send",
  written: [["wait: 500ms"]],
  form: () => mapForm(durationForm(), (duration) => ({ duration })),
  map: (step, { value }) => ({ ...step, duration: value(step.duration) }),
  takesTime: () => true,
};
