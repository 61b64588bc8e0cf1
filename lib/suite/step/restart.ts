import { word } from "../../spec/form.ts";
import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Stops the target and starts it again. */
export interface RestartStep extends StepBase {
  readonly kind: "restart";
}

/** `restart: target` */
export const restart: Verb<RestartStep> = {
  kind: "restart",
  about: "stops the broker and starts it again, which closes every connection; only in a case that is " +
    "`exclusive`",
  written: [["restart: target"]],
  form: () => mapForm(word(["target"], "the thing to restart"), () => ({})),
  map: (step) => step,
  disturbs: true,
  needs: "restart",
};
