import { object } from "../../spec/form_parts.ts";
import { describeNode } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { durationForm } from "./duration_form.ts";
import { LANE_PATTERN, partyKind } from "./lane.ts";
import { isEmpty } from "./packet.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Nothing more comes. Proved by a fence, or without a fence by silence for the time `within`. */
export interface NothingStep extends StepBase {
  readonly kind: "nothing";
  readonly lane: string;
  readonly within?: Value | undefined;
}

const TIMED = object("nothing", (keys) => ({
  within: keys.optional("within", durationForm(), "the minimum duration of the silence"),
}));

/** `sub <- nothing`, `dte <- nothing: { within: 300ms }` */
export const nothing: Verb<NothingStep> = {
  kind: "nothing",
  about: "nothing more comes on the lane",
  written: [],
  arrow: "<-",
  word: "nothing",
  line: () => ({
    read({ lane, place, node }, report) {
      const kind = partyKind(lane);
      let within: Value | undefined;
      if (node?.kind === "map") within = TIMED.read(node, report)?.within;
      else if (node && !isEmpty(node)) {
        report.add(
          `unexpected ${describeNode(node)} after "nothing"`,
          node.place,
          "write nothing: { within: 300ms }",
        );
      }
      if (!within && kind !== "client") {
        report.add(`"nothing" without a time on the lane ${kind}`, place, "write nothing: { within: 300ms }");
      }
      return { lane, within };
    },
    schema: (definitions) => ({
      [`^${LANE_PATTERN} +<- +nothing$`]: { anyOf: [TIMED.schema(definitions), { type: "null" }] },
    }),
  }),
  map: (step, { lane, value }) => ({
    ...step,
    lane: lane(step.lane),
    within: step.within && value(step.within),
  }),
  takesTime: (step) => step.within !== undefined,
};
