import { alternativesOf, type EitherStep } from "../../suite/step/either.ts";
import { takeAll, waitFor } from "../arrivals.ts";
import { describeOutcomes } from "../expectation.ts";
import type { Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

/** Takes the first arrival on any of the lanes, with the expectation of that lane. */
export const either: Player<EitherStep> = async (step, play) => {
  const { context, party } = play;
  const steps = alternativesOf(step);
  const withinMs = Math.max(...steps.map((one) => waitFor(one, context)));
  const begun = performance.now();
  const found = new AbortController();
  const signal = AbortSignal.any([context.signal, found.signal]);
  const comings = steps.map(async (one) => {
    const comes = await party(one.lane).comes?.(withinMs, signal);
    if (comes) found.abort();
    return comes ? one : undefined;
  });
  let first;
  try {
    first = (await Promise.all(comings)).find((one) => one !== undefined);
  } finally {
    // If one of the lanes is missing, stop waiting on the others.
    found.abort();
    await Promise.allSettled(comings);
  }
  if (first) {
    context.time.gotSince(begun);
    return void await takeAll([[first]], play);
  }
  const expected = describeOutcomes(steps.flatMap(({ outcomes }) => outcomes), context.scope);
  throw new StepFailed({
    message: `Nothing came within ${withinMs} ms on ${
      steps.map(({ lane }) => lane).join(" or ")
    }, expected ${expected}`,
    expected,
    got: "nothing",
    missing: true,
    connectionLost: true,
  });
};
