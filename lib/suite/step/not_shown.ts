import { text } from "../../spec/form.ts";
import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Ends the case without a verdict on the target. */
export interface NotShownStep extends StepBase {
  readonly kind: "notShown";
  /** Why nothing can be seen on this target. */
  readonly why: string;
}

/** `notShown: the target announces no topic alias` */
export const notShown: Verb<NotShownStep> = {
  kind: "notShown",
  about:
    "ends the case as a `skip` with the reason `not shown: …`: what it is about can't be brought about on this target. " +
    "It stands in a `branch`, behind what the target did",
  written: [["notShown: the target announces no topic alias"]],
  form: () => mapForm(text({ what: "a reason", longest: 200 }), (why) => ({ why })),
  map: (step) => step,
};
