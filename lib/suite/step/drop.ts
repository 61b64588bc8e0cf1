import { byShape, type Form, value } from "../../spec/form.ts";
import { mapForm, object } from "../../spec/form_parts.ts";
import { describeNode } from "../../spec/node.ts";
import type { Value } from "../../spec/value.ts";
import { isVariable, VARIABLE } from "../field/byte_forms.ts";
import { laneFor } from "./lane.ts";
import type { StepBase, Verb } from "./verb.ts";

/** Cuts the lane's connection without a DISCONNECT. `how` is `fin` (the default) or `rst`. */
export interface DropStep extends StepBase {
  readonly kind: "drop";
  readonly lane: string;
  readonly how?: Value | undefined;
}

/** The ways to cut a connection. */
export const CUTS = ["fin", "rst"] as const;

/** `drop: pub`, `drop: { lane: pub, how: rst }` */
export const drop: Verb<DropStep> = {
  kind: "drop",
  about: "cuts the lane's connection without a DISCONNECT; also for `broker`",
  written: [
    ["drop: pub"],
    ["drop: { lane: broker, how: rst }", "the same, by FIN (`fin`, the default) or by RST (`rst`)"],
  ],
  form(grammar) {
    const lane = laneFor(
      "drop",
      grammar.lane,
      (kind) => kind === "dte" ? ": the serial line has no connection" : undefined,
    );
    const map = object("drop", (keys) => {
      const named = keys.required("lane", lane, "the lane");
      const how = keys.optional("how", cutForm(), "by FIN or by RST");
      return named === undefined ? undefined : { lane: named, how };
    });
    return byShape(
      "a lane",
      { scalar: mapForm(lane, (named) => ({ lane: named })), map },
      "write drop: lane",
    );
  },
  map: (step, { lane, value }) => ({ ...step, lane: lane(step.lane), how: step.how && value(step.how) }),
};

function cutForm(): Form<Value> {
  const any = value();
  return {
    read(node, report) {
      const right = isVariable(node) || (node.kind === "scalar" && CUTS.some((cut) => cut === node.source));
      if (!right) report.add(`expected fin or rst, found ${describeNode(node)}`, node.place);
      return any.read(node, report);
    },
    schema: () => ({ anyOf: [{ enum: CUTS }, VARIABLE] }),
  };
}
