import { parseDuration } from "../../spec/duration.ts";
import type { Value } from "../../spec/value.ts";
import { eachStep, type Step } from "../../suite/step/step.ts";
import type { PlannedCase } from "../plan.ts";

/** How long it takes to reset a module and to exchange one packet with it, in milliseconds, as it was measured. */
export interface Pace {
  readonly resetMs: number;
  readonly roundTripMs: number;
}

/** How often a step waits that something goes the way to the module's other side and back. */
const OPENING = 1;
const PACKET = 0.5;
/** What leading a module back from a connection takes, in ways there and back: it is closed, and that is waited for. */
const LEFT = 1;
/** How much of a wait for nothing, whose time grows with the round trip, is the round trip. */
const NOTHING = 1;

/**
 * How long cases will take on a line, one after the other, in milliseconds: what was measured, for each way that their packets go, and
 * the times that they wait by themselves. Cases that are skipped take no time.
 */
export function estimateMs(cases: readonly PlannedCase[], pace: Pace): number {
  return cases.filter(({ skip }) => skip === undefined).reduce((sum, one) => sum + caseMs(one, pace), 0);
}

function caseMs({ case: one }: PlannedCase, { resetMs, roundTripMs }: Pace): number {
  const steps = [...eachStep(one.steps)];
  const opens = steps.some((step) => step.kind === "expect" && step.lane === "broker");
  const backMs = resetMs + (opens ? LEFT * roundTripMs : 0);
  return backMs + steps.reduce((sum, step) => sum + stepMs(step, roundTripMs), 0);
}

function stepMs(step: Step, roundTripMs: number): number {
  switch (step.kind) {
    case "wait":
      return msOf(step.duration);
    case "nothing":
      return msOf(step.within) + NOTHING * roundTripMs;
    case "send":
      return step.lane === "broker" ? PACKET * roundTripMs : 0;
    case "expect": {
      if (step.lane !== "broker") return 0;
      const opens = step.outcomes.some(({ kind }) => kind === "opened");
      return (opens ? OPENING : PACKET) * roundTripMs;
    }
    default:
      return 0;
  }
}

/** A duration as a file writes it; 0 for one that only the case knows. */
function msOf(value: Value | undefined): number {
  return value?.kind === "literal" ? parseDuration(value.source) ?? 0 : 0;
}
