import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Allows anything on the lane from here on. */
export interface IgnoreStep extends StepBase {
  readonly kind: "ignore";
  readonly lane: string;
}

/** `ignore: dte` */
export const ignore: Verb<IgnoreStep> = {
  kind: "ignore",
  about: "from here on, ignores whatever comes on the lane and matches no step, if it is well-formed; a " +
    "violation of its encoding rules still fails the case",
  written: [["ignore: dte"]],
  form: (grammar) => mapForm(grammar.lane, (lane) => ({ lane })),
  map: (step, { lane }) => ({ ...step, lane: lane(step.lane) }),
};
