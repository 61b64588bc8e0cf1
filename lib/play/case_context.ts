import type { Property } from "../mqtt/packet.ts";
import type { Scope } from "../spec/scope.ts";
import type { BrokenRules } from "./broken_rules.ts";
import type { CaseTime } from "./case_time.ts";
import type { ChartRecorder } from "./chart_recorder.ts";

/** What the steps and parties of one case run share. */
export interface CaseContext {
  /** The case's id in the suites; with the seed it determines every random choice. */
  readonly id: string;
  /** The run's seed. */
  readonly seed: number;
  /** `3.1`, `3.1.1`, `5.0`, or a command set. */
  readonly protocol: string;
  /** Short, and unique among all case runs that may share a broker: letters and digits, at most 16. */
  readonly caseId: string;
  /** The topic prefix of the case. */
  readonly topic: string;
  /** The values of the variables. */
  readonly scope: Scope;
  readonly recorder: ChartRecorder;
  /** The rules that it breaks on purpose. */
  readonly broken: BrokenRules;
  /** The properties that each 5.0 CONNECT announces unless its step sets them. */
  readonly announces?: readonly Property[] | undefined;
  /** Called with the places in the suite that allow what came: an outcome, and the values of its fields. */
  readonly onTaken?: ((places: readonly string[]) => void) | undefined;
  /** Aborts at the end of the case or of the run. */
  readonly signal: AbortSignal;
  /** Its timeouts and its time limit. */
  readonly time: CaseTime;
  /** The maximum default wait of an expectation in milliseconds; absent for the default of the case's time. */
  readonly mostWithinMs?: number | undefined;
}
