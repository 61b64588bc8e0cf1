/** Cases that open the network connection first, for a module that opens it with CONNECT. */
import { isExpect } from "../step/expect.ts";
import { lanesIn, withInnerSteps } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";
import { requestOf } from "./requests_in.ts";

/**
 * Returns the steps without the opening of a connection: the request to open it comes together with that to connect,
 * and its first packet is awaited then. Undefined if the case uses the connection in between, which does not exist yet.
 */
export function openedAtConnect(steps: readonly StepBase[]): readonly StepBase[] | undefined {
  const state = { due: false, possible: true };
  const found = withoutOpening(steps, state);
  return state.possible ? found : undefined;
}

function withoutOpening(
  steps: readonly StepBase[],
  state: { due: boolean; possible: boolean },
): readonly StepBase[] {
  return steps.flatMap((step): readonly StepBase[] => {
    const request = requestOf(step)?.name;
    if (request !== undefined) {
      if (request === "open") state.due = true;
      if (request === "connect" || request === "reconnect") state.due = false;
      return [step];
    }
    if (state.due && opens(step)) return [];
    const uses = step.kind === "drop" || step.kind === "send";
    if (state.due && uses && lanesIn(step).includes("broker")) state.possible = false;
    return [withInnerSteps(step, (inner) => withoutOpening(inner, state))];
  });
}

function opens(step: StepBase): boolean {
  return isExpect(step) && step.lane === "broker" && step.outcomes.every(({ kind }) => kind === "opened");
}
