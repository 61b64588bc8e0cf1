import { asText } from "../../spec/evaluate.ts";
import type { TriedStep } from "../../suite/step/tried.ts";
import type { Player } from "../player.ts";

/** Plays the steps for the outcome of the last `try`. */
export const tried: Player<TriedStep> = ({ outcome, taken, refused }, play, inner) =>
  inner(asText(outcome, play.context.scope) === "taken" ? taken : refused, play);
