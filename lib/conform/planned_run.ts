import type { PlannedCase } from "./plan.ts";
import { Recorder } from "../play/recorder.ts";
import { requirement } from "./requirement.ts";
import type { WorkerContext } from "./worker.ts";
import { type CaseResult, runCase } from "./run_case.ts";
import type { Stage } from "../play/stage.ts";

/** Runs a planned case on the stage that `stage` makes, and emits its steps and its chart. */
export function runPlanned(
  context: WorkerContext,
  planned: PlannedCase,
  n: number,
  stage: (recorder: Recorder, signal: AbortSignal, endsAt: number) => Promise<Stage>,
): Promise<CaseResult | undefined> {
  const recorder = recorderOf(context, n);
  return runCase({
    case: planned.case,
    protocol: planned.protocol,
    recorder,
    stage: (signal, endsAt) => stage(recorder, signal, endsAt),
    limitMs: context.target.limitMs,
    requirement,
    signal: context.signal,
    stepEnded: (step, index, outcome) =>
      context.emit({
        kind: "step",
        t: context.now(),
        n,
        index,
        source: step.source,
        file: step.place.file,
        line: step.place.line,
        column: step.place.column,
        ...(step.opening === undefined ? {} : { opening: step.opening }),
        outcome,
      }),
  }).finally(() => recorder.end());
}

/** Who writes the chart of the case with this number. */
export function recorderOf(context: WorkerContext, n: number): Recorder {
  return new Recorder(context.charts === false ? undefined : context.emit, context.now, n);
}
