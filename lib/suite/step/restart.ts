import { word } from "../../spec/form.ts";
import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Ends the target and starts it again. */
export interface RestartStep extends StepBase {
  readonly kind: "restart";
}

/** `restart: target` */
export const restart: Verb<RestartStep> = {
  kind: "restart",
  about:
    "ends the broker and starts it again, which takes every connection with it; only in a case that is `exclusive`",
  written: [["restart: target"]],
  form: () => mapForm(word(["target"], "thing to restart"), () => ({})),
  map: (step) => step,
  disturbs: true,
  needs: "restart",
};
