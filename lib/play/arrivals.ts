import { asDuration } from "../spec/evaluate.ts";
import type { Data } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import type { ExpectStep } from "../suite/step/expect.ts";
import type { CaseContext } from "./case_context.ts";
import { countdown } from "./countdown.ts";
import type { Play } from "./player.ts";

/** Returns how long a step with an explicit time waits: longer on a slow line. */
export function waitOf(within: Value, { scope, time }: CaseContext): number {
  return asDuration(within, scope) + time.delayMs;
}

/** Returns how long an expectation waits. */
export function waitFor(step: ExpectStep, context: CaseContext): number {
  return step.within ? waitOf(step.within, context) : patience(step, context);
}

/**
 * Returns how long a step without an explicit time waits: longer for a close and for a will, whose time no
 * document specifies.
 */
function patience({ outcomes }: ExpectStep, { time, mostWithinMs = Infinity }: CaseContext): number {
  const timeless = outcomes.some((outcome) =>
    outcome.kind === "closed" || (time.hasWill && outcome.kind === "packet" && outcome.type === "PUBLISH")
  );
  return Math.min(mostWithinMs, timeless ? time.patientMs : time.withinMs);
}

/**
 * Takes the first arrival on the lane of the expectations and returns which of them it matches. Throws {@link
 * StepFailed} if it matches none, or if nothing comes.
 */
export async function takeFirst(steps: readonly ExpectStep[], { context, party }: Play): Promise<number> {
  const waits = steps.map((step) => waitFor(step, context));
  const begun = performance.now();
  const taken = await party(steps[0]?.lane ?? "").take(
    steps.map(({ outcomes }) => outcomes),
    Math.max(...waits),
  );
  context.time.gotSince(begun);
  const as = steps[taken.index]?.as;
  if (as !== undefined) context.scope.set(as, taken.got);
  return taken.index;
}

/**
 * Takes arrivals, lane by lane, until each expectation has matched; the expectations of one list match in
 * order. Returns the last arrival. Throws {@link StepFailed} for an arrival that matches none, or if one does
 * not come.
 */
export async function takeAll(
  lists: readonly (readonly ExpectStep[])[],
  { context, party }: Play,
): Promise<Data | undefined> {
  let last: Data | undefined;
  const steps = lists.flat();
  const waits = steps.map((step) => waitFor(step, context));
  const lanes = [...new Set(steps.map((step) => step.lane))];
  const left = new Map(
    lanes.map((lane) => [lane, countdown(Math.max(...waits), () => party(lane).busyMs ?? 0)]),
  );
  for (const lane of lanes) {
    const open = lists.map((list) => list.filter((step) => step.lane === lane)).filter((list) =>
      list.length > 0
    );
    while (open.length > 0) {
      const begun = performance.now();
      const heads = open.flatMap((list) => list[0] ?? []);
      const taken = await party(lane).take(heads.map((step) => step.outcomes), left.get(lane)?.() ?? 0);
      context.time.gotSince(begun);
      const step = open[taken.index]?.shift();
      if (open[taken.index]?.length === 0) open.splice(taken.index, 1);
      if (step?.as !== undefined) context.scope.set(step.as, taken.got);
      last = taken.got;
    }
  }
  return last;
}
