import { ValueError } from "../../spec/evaluate.ts";
import type { Place } from "../../spec/place.ts";
import { Scope } from "../../spec/scope.ts";
import type { Step } from "../../suite/file/model.ts";
import type { ModuleTarget } from "../../target/target.ts";
import type { Dte } from "../../link/dte.ts";
import { DteParty } from "../../play/party/dte.ts";
import { mentionsOf } from "../../play/expected_names.ts";
import { StepFailed } from "../../play/step_failed.ts";
import type { Recorder } from "../../play/recorder.ts";
import { runStep } from "../../play/steps.ts";
import { LineGone } from "./command_runner.ts";
import type { WorkerContext } from "../worker.ts";

/** What a target's own steps are run with. */
export interface TargetStepsStage {
  readonly dte: Dte;
  readonly target: ModuleTarget;
  /** Values given on the command line, over the target's. */
  readonly values: WorkerContext["values"];
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  /** Told who listens on the line meanwhile. */
  readonly onParty: (party: DteParty) => void;
}

/**
 * Types the steps of a target file's `setup` or `teardown`. What comes and is no answer is passed over. Throws
 * {@link LineGone}, or an Error that says what was not met and where it stands.
 */
export async function runTargetSteps(
  what: "setup" | "teardown",
  steps: readonly Step[],
  stage: TargetStepsStage,
): Promise<void> {
  const { dte, target, signal, recorder } = stage;
  const values = new Scope();
  for (const [name, value] of target.values) values.bind(name, stage.values.get(name) ?? value);
  const scope = new Scope(values);
  const mentioned = mentionsOf(steps);
  const party = new DteParty({
    dte,
    dialect: target.dialect,
    recorder,
    scope,
    signal,
    mentioned,
    lenient: true,
  });
  stage.onParty(party);
  recorder.note(party.name, `${what} of the target`);
  for (const step of steps) {
    try {
      await runStep(step, { scope, signal, withinMs: target.withinMs, party: () => party });
      signal.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      if (dte.closed) throw new LineGone("The serial line is gone", { cause: error });
      if (!(error instanceof StepFailed) && !(error instanceof ValueError)) throw error;
      const place = error.place ?? step.place;
      throw new Error(`The ${what} at ${at(place)} was not met: ${error.message}`, { cause: error });
    }
  }
}

function at({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
