import { mapForm } from "../../spec/form_parts.ts";
import type { StepBase, Verb } from "./verb.ts";

/** From here on nothing that comes on the lane is unexpected. */
export interface IgnoreStep extends StepBase {
  readonly kind: "ignore";
  readonly lane: string;
}

/** `ignore: dte` */
export const ignore: Verb<IgnoreStep> = {
  kind: "ignore",
  about:
    "from here on what comes on the lane and no step takes is passed over, where it is right in itself; what breaks " +
    "a rule of its own encoding still fails the case",
  written: [["ignore: dte"]],
  form: (grammar) => mapForm(grammar.lane, (lane) => ({ lane })),
  map: (step, { lane }) => ({ ...step, lane: lane(step.lane) }),
};
