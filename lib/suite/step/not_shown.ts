import { text } from "../../spec/form.ts";
import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Ends the case without a verdict on the target. */
export interface NotShownStep extends StepBase {
  readonly kind: "notShown";
  /** Why this target cannot show the behaviour. */
  readonly why: string;
}

/** `notShown: the target announces no topic alias` */
export const notShown: Verb<NotShownStep> = {
  kind: "notShown",
  about: "ends the case as a `skip` with the reason `not shown: …`, because this target cannot be made to " +
    "show the behaviour. Use it in a `branch`, after the target's action",
  written: [["notShown: the target announces no topic alias"]],
  form: () => mapForm(text({ what: "a reason", longest: 200 }), (why) => ({ why })),
  map: (step) => step,
};
