import { BrokenRules } from "../play/broken_rules.ts";
import type { CaseContext } from "../play/case_context.ts";
import { ChartRecorder } from "../play/chart_recorder.ts";
import type { OwnedPlay } from "../play/player.ts";
import type { PlannedCase } from "./plan.ts";
import { requirement } from "./requirement.ts";
import { type CaseJudgement, runCase } from "./run_case.ts";
import type { WorkerContext } from "./worker.ts";

/** A case's context before its variables are known. */
export type CaseBasis = Omit<CaseContext, "scope">;

/**
 * Runs a planned case with the parties that `prepare` creates, and emits its steps; `recorder` charts it and
 * ends with it. Returns undefined if the run was stopped meanwhile.
 */
export function runPlanned(
  context: WorkerContext,
  planned: PlannedCase,
  n: number,
  recorder: ChartRecorder,
  prepare: (basis: CaseBasis) => Promise<OwnedPlay>,
): Promise<CaseJudgement | undefined> {
  const unique = caseId(context, n);
  return runCase({
    case: planned.case,
    protocol: planned.protocol,
    recorder,
    prepare: (signal, time) =>
      prepare({
        id: planned.case.id,
        seed: context.seed,
        protocol: planned.protocol,
        caseId: unique,
        topic: `attest/${unique}`,
        recorder,
        announces: context.announces,
        onTaken: context.onTaken,
        broken: new BrokenRules(
          planned.case.breaks,
          context.onBroken && ((rule) => context.onBroken?.(planned.case.id, planned.protocol, rule)),
        ),
        signal,
        time,
      }),
    time: {
      limitMs: planned.case.limit ?? context.target.limitMs,
      withinMs: context.target.withinMs,
      roundTripMs: context.roundTrip.ms,
      msPerByte: context.roundTrip.msPerByte,
    },
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
        opening: step.opening,
        outcome,
      }),
  }).finally(() => recorder.end());
}

/** Returns a short unique id for the case run with this number. */
export function caseId(context: WorkerContext, n: number): string {
  return context.runId + n.toString(36).padStart(4, "0");
}

/** Creates the chart recorder of the case run with this number. */
export function chartRecorder(context: WorkerContext, n: number): ChartRecorder {
  return new ChartRecorder(context.charts === false ? undefined : context.emit, context.now, n);
}
