import type { GenerateStep } from "../../suite/step/generate.ts";
import { runGenerated } from "../generate/generated.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Checks deliveries for random topic filters and topic names against the standard's matching rule. */
export const generate: Player<GenerateStep> = (step, { context, client }) => {
  if (!client) {
    throw new StepFailed({
      message: "This case has no MQTT clients to generate topics for",
      verdict: "error",
    });
  }
  return runGenerated(step, client(step.subscriber), client(step.publisher), context);
};
