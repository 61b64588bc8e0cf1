import { ValueError } from "../../spec/evaluate.ts";
import type { Place } from "../../spec/place.ts";
import { Scope } from "../../spec/scope.ts";
import type { Step } from "../../suite/step/step.ts";
import type { ModuleTarget } from "../../target/target.ts";
import type { Dte } from "../../link/dte.ts";
import { DteParty } from "../../play/party/dte.ts";
import type { CaseContext } from "../../play/case_context.ts";
import { CaseTime } from "../../play/case_time.ts";
import { expectedNames } from "../../play/expected_names.ts";
import { StepFailed } from "../../play/step_failed.ts";
import { BrokenRules } from "../../play/broken_rules.ts";
import type { ChartRecorder } from "../../play/chart_recorder.ts";
import { playStep } from "../../play/play.ts";
import { LineGone } from "./command_runner.ts";
import type { WorkerContext } from "../worker.ts";

/** What running a target's own steps needs. */
export interface TargetStepsStage {
  readonly dte: Dte;
  readonly target: ModuleTarget;
  /** Values from the command line, which override the target's. */
  readonly values: WorkerContext["values"];
  readonly recorder: ChartRecorder;
  readonly signal: AbortSignal;
  /** Called with the party that receives arrivals meanwhile. */
  readonly onParty: (party: DteParty) => void;
}

/**
 * Runs the steps of a target file's `setup` or `teardown`. Ignores unsolicited lines. Throws {@link
 * LineGone}, or an Error that says which step failed and its place.
 */
export async function runTargetSteps(
  what: "setup" | "teardown",
  steps: readonly Step[],
  stage: TargetStepsStage,
): Promise<void> {
  const { dte, target, signal, recorder } = stage;
  const values = new Scope();
  for (const [name, value] of target.values) values.bind(name, stage.values.get(name) ?? value);
  const context: CaseContext = {
    id: what,
    seed: 0,
    protocol: "",
    caseId: what,
    topic: "",
    scope: new Scope(values),
    recorder,
    broken: new BrokenRules([]),
    signal,
    time: new CaseTime({ limitMs: Infinity, withinMs: target.withinMs }),
  };
  const party = new DteParty(context, {
    dte,
    dialect: target.dialect,
    expectedNames: expectedNames(steps),
    lenient: true,
  });
  stage.onParty(party);
  recorder.note(party.name, `${what} of the target`);
  for (const step of steps) {
    try {
      await playStep(step, { context, party: () => party });
      signal.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      if (dte.closed) throw new LineGone("The serial line is gone", { cause: error });
      if (!(error instanceof StepFailed) && !(error instanceof ValueError)) throw error;
      const place = error.place ?? step.place;
      throw new Error(`The ${what} at ${at(place)} failed: ${error.message}`, { cause: error });
    }
  }
}

function at({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
