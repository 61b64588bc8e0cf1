import { messageOf } from "../ground/error_message.ts";
import type { Failure, Verdict } from "../run/event.ts";
import { type Case, levelIn } from "../suite/file/model.ts";
import type { Step } from "../suite/step/step.ts";
import { ValueError } from "../spec/evaluate.ts";
import { StepFailed } from "../play/step_failed.ts";
import { CaseTime, type CaseTimeOptions } from "../play/case_time.ts";
import type { ChartRecorder } from "../play/chart_recorder.ts";
import { playStep } from "../play/play.ts";
import type { OwnedPlay } from "../play/player.ts";
import { describeVariables } from "../play/variables.ts";

/** A verdict with the evidence that a reader needs. */
export interface CaseJudgement {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
  readonly failure?: Failure | undefined;
  readonly warnings: readonly string[];
  /** Whether a dead target would explain it. */
  readonly connectionLost: boolean;
  /** Whether something did not come in time, which a busy target would explain. */
  readonly missing: boolean;
  /** For a skip: the conversation rule that the case would break by exceeding what the target announced. */
  readonly limit?: string | undefined;
  /** Whether it failed beside other cases and passes alone. */
  readonly onlyBesideOthers?: true | undefined;
}

/** Creates a judgement without a failure of the target. */
export function judgement(verdict: Verdict, reason: string, connectionLost = false): CaseJudgement {
  return { verdict, reason, warnings: [], connectionLost, missing: false };
}

export interface CaseRun {
  readonly case: Case;
  readonly protocol: string;
  readonly recorder: ChartRecorder;
  /** Called as each step ends. */
  readonly stepEnded: (step: Step, index: number, outcome: "done" | "failed") => void;
  /** Creates the parties of the case; `time` is the case's own time, which limits it. */
  readonly prepare: (signal: AbortSignal, time: CaseTime) => Promise<OwnedPlay>;
  /** The parameters of the case's time. */
  readonly time: CaseTimeOptions;
  /** Returns the requirement of a clause, for the report. */
  readonly requirement: (protocol: string, clause: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** Runs a case to its verdict. Never throws. Returns undefined if `signal` cut it short. */
export async function runCase(run: CaseRun): Promise<CaseJudgement | undefined> {
  using time = new CaseTime(run.time);
  const limit = time.signal;
  const signal = AbortSignal.any([run.signal, limit]);
  try {
    await using play = await run.prepare(signal, time);
    return await runSteps(run, play, signal, limit);
  } catch (error) {
    if (run.signal.aborted) return undefined;
    const reason = limit.aborted ? limitReason(run) : messageOf(error);
    return {
      ...judgement("error", `The case could not be set up: ${reason}`, true),
      missing: limit.aborted,
    };
  }
}

async function runSteps(
  run: CaseRun,
  play: OwnedPlay,
  signal: AbortSignal,
  limit: AbortSignal,
): Promise<CaseJudgement | undefined> {
  for (const [index, step] of run.case.steps.entries()) {
    run.recorder.step = index;
    try {
      await playStep(step, play);
      if (signal.aborted) throw new Error("The case was ended");
    } catch (error) {
      if (run.signal.aborted) return undefined;
      run.stepEnded(step, index, "failed");
      const located = error instanceof ValueError
        ? new StepFailed({ message: error.message, verdict: "error" }, error.place)
        : error;
      return failed(run, play, step, located, limit.aborted);
    }
    run.stepEnded(step, index, "done");
  }
  run.recorder.step = undefined;
  const last = run.case.steps.at(-1);
  // What comes in the meantime does not count against parties that need not wait.
  for (const party of [...play.parties()].toSorted((a, b) => Number(!!a.lastOfAll) - Number(!!b.lastOfAll))) {
    await party.lastOfAll?.();
    if (run.signal.aborted) return undefined;
    const problem = party.leftover();
    if (problem && last) return failed(run, play, last, new StepFailed(problem), false);
  }
  return { verdict: "pass", warnings: [], connectionLost: false, missing: false };
}

function failed(run: CaseRun, play: OwnedPlay, step: Step, error: unknown, timedOut: boolean): CaseJudgement {
  // A wait that the limit cut short proves nothing, whatever it missed.
  if (timedOut || !(error instanceof StepFailed)) {
    const reason = timedOut ? limitReason(run) : `The harness failed: ${messageOf(error)}`;
    return { ...judgement("error", reason, true), missing: timedOut };
  }
  const { problem } = error;
  const { impossible } = play.context.broken;
  if (impossible !== undefined && problem.verdict === undefined && !problem.broken) {
    return { ...judgement("skip", impossible.message), limit: impossible.limit };
  }
  if (problem.verdict === "skip") return { ...judgement("skip", problem.message), limit: problem.limit };
  const place = error.place ?? step.place;
  const ofRules = new Set(problem.clauses ?? []);
  const clauses = [...ofRules, ...run.case.covers[run.protocol] ?? []];
  const failure: Failure = {
    message: problem.message,
    file: place.file,
    line: place.line,
    column: place.column,
    source: step.source,
    expected: problem.expected,
    got: problem.got,
    hex: problem.hex,
    rules: problem.broken,
    clauses: [...new Set(clauses)].map((clause) => ({
      clause,
      text: run.requirement(run.protocol, clause) ?? "",
      ...(ofRules.has(clause) ? { ofRule: true as const } : {}),
    })),
    variables: describeVariables(play.context.scope, step.place),
  };
  const verdict = verdictOf(run, step, error);
  const lost = problem.connectionLost ?? false;
  if (verdict !== "pass") {
    const reason = step.opening === undefined
      ? problem.message
      : `The opening "${step.opening}" failed: ${problem.message}`;
    return { ...judgement(verdict, reason, lost), missing: problem.missing ?? false, failure };
  }
  const warning = `A ${levelIn(run.case, run.protocol).toUpperCase()} was not met: ${problem.message} ` +
    `(${place.file}:${place.line})`;
  return { verdict, warnings: [warning], failure, connectionLost: lost, missing: false };
}

function limitReason(run: CaseRun): string {
  return `The case did not end within its limit of ${run.time.limitMs} ms`;
}

function verdictOf(run: CaseRun, step: Step, { problem }: StepFailed): Verdict {
  if (problem.verdict) return problem.verdict;
  if (step.opening !== undefined) return "inconclusive";
  // A rule that applies to every packet is a MUST even in a case about a SHOULD.
  return problem.broken || levelIn(run.case, run.protocol) === "must" ? "fail" : "pass";
}
