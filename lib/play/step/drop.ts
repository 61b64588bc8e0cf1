import { asText } from "../../spec/evaluate.ts";
import { CUTS, type DropStep } from "../../suite/step/drop.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Cuts the lane's connection. */
export const drop: Player<DropStep> = ({ lane, how }, { context, party }) => {
  const word = how === undefined ? "fin" : asText(how, context.scope);
  if (!CUTS.some((cut) => cut === word)) {
    const message = `unknown way to cut a connection "${word}"; use ${CUTS.join(" or ")}`;
    throw new StepFailed({ message, verdict: "error" });
  }
  return party(lane).drop(word === "rst");
};
