import { messageOf } from "../ground/error_message.ts";
import type { CaseEnded, Failure, Verdict } from "../run/event.ts";
import { type Case, levelIn, type Step } from "../suite/file/model.ts";
import { ValueError } from "../spec/evaluate.ts";
import { StepFailed } from "../play/step_failed.ts";
import type { Recorder } from "../play/recorder.ts";
import type { Stage } from "../play/stage.ts";
import { runStep } from "../play/steps.ts";
import { describeVariables } from "../play/variables.ts";

/** A verdict with what a reader needs to believe it. */
export type CaseResult = Pick<CaseEnded, "verdict" | "reason" | "failure" | "warnings"> & {
  /** Whether a dead target would explain it. */
  readonly connectionLost: boolean;
};

export interface CaseRun {
  readonly case: Case;
  readonly protocol: string;
  readonly recorder: Recorder;
  /** Told as each step ends. */
  readonly stepEnded: (step: Step, index: number, outcome: "done" | "failed") => void;
  /** Makes the parties of the case; `endsAt` is the instant of `performance.now()` at which its limit ends it. */
  readonly stage: (signal: AbortSignal, endsAt: number) => Promise<Stage>;
  /** The hard limit for the whole case, in milliseconds. */
  readonly limitMs: number;
  /** The requirement behind a clause, for the report. */
  readonly requirement: (protocol: string, clause: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** Runs a case to its verdict. Never throws; gives undefined when `signal` cut it short. */
export async function runCase(run: CaseRun): Promise<CaseResult | undefined> {
  const limit = new AbortController();
  const limitMs = run.case.limit ?? run.limitMs;
  const endsAt = performance.now() + limitMs;
  const timer = setTimeout(() => limit.abort(), limitMs);
  const signal = AbortSignal.any([run.signal, limit.signal]);
  try {
    await using stage = await run.stage(signal, endsAt);
    return await runSteps(run, stage, signal, limit.signal);
  } catch (error) {
    if (run.signal.aborted) return undefined;
    const reason = limit.signal.aborted ? limitReason(run) : messageOf(error);
    return result("error", `The case could not be set up: ${reason}`, true);
  } finally {
    clearTimeout(timer);
  }
}

async function runSteps(
  run: CaseRun,
  stage: Stage,
  signal: AbortSignal,
  limit: AbortSignal,
): Promise<CaseResult | undefined> {
  for (const [index, step] of run.case.steps.entries()) {
    run.recorder.step = index;
    try {
      await runStep(step, stage);
      if (signal.aborted) throw new Error("The case was ended");
    } catch (error) {
      if (run.signal.aborted) return undefined;
      run.stepEnded(step, index, "failed");
      const located = error instanceof ValueError
        ? new StepFailed({ message: error.message, verdict: "error" }, error.place)
        : error;
      return failed(run, stage, step, located, limit.aborted);
    }
    run.stepEnded(step, index, "done");
  }
  run.recorder.step = undefined;
  const last = run.case.steps.at(-1);
  for (const party of stage.parties()) {
    const finding = party.leftover();
    if (finding && last) return failed(run, stage, last, new StepFailed(finding), false);
  }
  return { verdict: "pass", warnings: [], connectionLost: false };
}

function failed(run: CaseRun, stage: Stage, step: Step, error: unknown, timedOut: boolean): CaseResult {
  // A wait that the limit cut short proves nothing, whatever it missed.
  if (timedOut || !(error instanceof StepFailed)) {
    const reason = timedOut ? limitReason(run) : `The harness failed: ${messageOf(error)}`;
    return result("error", reason, true);
  }
  const { finding } = error;
  const place = error.place ?? step.place;
  const clauses = [...finding.clauses ?? [], ...run.case.covers[run.protocol] ?? []];
  const failure: Failure = {
    message: finding.message,
    file: place.file,
    line: place.line,
    column: place.column,
    source: step.source,
    ...(finding.expected === undefined ? {} : { expected: finding.expected }),
    ...(finding.got === undefined ? {} : { got: finding.got }),
    ...(finding.hex === undefined ? {} : { hex: finding.hex }),
    clauses: [...new Set(clauses)].map((clause) => ({
      clause,
      text: run.requirement(run.protocol, clause) ?? "",
    })),
    variables: describeVariables(stage.scope, step.place),
  };
  const verdict = verdictOf(run, step, error);
  const lost = finding.connectionLost ?? false;
  if (verdict !== "pass") {
    const reason = step.opening === undefined
      ? finding.message
      : `The opening "${step.opening}" was not met: ${finding.message}`;
    return { ...result(verdict, reason, lost), failure };
  }
  const warning = `A ${
    levelIn(run.case, run.protocol).toUpperCase()
  } was not met: ${finding.message} (${place.file}:${place.line})`;
  return { verdict, warnings: [warning], failure, connectionLost: lost };
}

function limitReason(run: CaseRun): string {
  return `The case did not end within its limit of ${run.case.limit ?? run.limitMs} ms`;
}

function verdictOf(run: CaseRun, step: Step, { finding }: StepFailed): Verdict {
  if (finding.verdict) return finding.verdict;
  if (step.opening !== undefined) return "inconclusive";
  return levelIn(run.case, run.protocol) === "must" ? "fail" : "pass";
}

function result(verdict: Verdict, reason: string, connectionLost: boolean): CaseResult {
  return { verdict, reason, warnings: [], connectionLost };
}
