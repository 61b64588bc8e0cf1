import type { Property } from "../mqtt/packet.ts";
import type { Scope } from "../spec/scope.ts";
import type { BrokenRules } from "./broken_rules.ts";
import type { CaseTime } from "./case_time.ts";
import type { ChartRecorder } from "./chart_recorder.ts";

/** What one case is run with: what its steps and its parties share. */
export interface CaseContext {
  /** The case's id in the suites; with the seed it decides every random choice. */
  readonly id: string;
  /** The run's seed. */
  readonly seed: number;
  /** `3.1`, `3.1.1`, `5.0`, or a command set. */
  readonly protocol: string;
  /** Short, and unique among all case runs that may share a broker: letters and digits, at most 16. */
  readonly caseId: string;
  /** The topic below which the case keeps its own. */
  readonly topic: string;
  /** The values of the variables. */
  readonly scope: Scope;
  readonly recorder: ChartRecorder;
  /** The rules that it breaks on purpose. */
  readonly broken: BrokenRules;
  /** The properties of each CONNECT of 5.0 that says nothing of them. */
  readonly announces?: readonly Property[] | undefined;
  /** Ends with the case, or with the run. */
  readonly signal: AbortSignal;
  /** How long it waits for what, and when its limit ends it. */
  readonly time: CaseTime;
  /** Milliseconds that an expectation waits at most where the step says nothing; absent for what the case's time says. */
  readonly mostWithinMs?: number | undefined;
}
