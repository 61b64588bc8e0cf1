import type { Property } from "../mqtt/packet.ts";
import type { RunEvent } from "../run/event.ts";
import { Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import { claimsIn } from "../suite/claim/claims.ts";
import type { Operations } from "../suite/dialect/dialect_operations.ts";
import type { Target } from "../target/target.ts";
import type { IdentityOnce } from "./module/identity.ts";
import type { PlannedCase } from "./plan.ts";
import type { RoundTrip } from "./round_trip.ts";
import type { CaseJudgement } from "./run_case.ts";

/** Runs one case at a time on one target. */
export interface Worker extends AsyncDisposable {
  /** Returns undefined if the run was stopped meanwhile. */
  run(planned: PlannedCase, n: number): Promise<CaseJudgement | undefined>;
  /** Whether its line or target was lost in the last run; the next run reestablishes it if possible. */
  readonly lost?: boolean;
  /** Why no further case can run, where what it works on has never answered. */
  readonly dead?: string | undefined;
}

export interface RunCasesOptions {
  readonly target: Target;
  readonly cases: readonly PlannedCase[];
  /** How many cases at once. */
  readonly jobs: number;
  readonly seed: number;
  /** Values from the command line, which override the target's. */
  readonly values: ReadonlyMap<string, Value>;
  readonly emit: (event: RunEvent) => void;
  /** Returns the milliseconds since the start of the run. */
  readonly now: () => number;
  /** Returns the next number of a case's execution. */
  readonly nextNumber: () => number;
  readonly signal: AbortSignal;
  /** Whether the seed shuffles the order, as in repeated runs. */
  readonly shuffle: boolean;
  /** The user's command that resets a module, word by word, for when the module's own commands fail. */
  readonly resetCommand?: readonly string[] | undefined;
  /** When to stop starting cases, in milliseconds since the start of the run. */
  readonly untilMs?: number | undefined;
  /** The round trip to the target; a module's own line measures it. */
  readonly roundTrip: RoundTrip;
  /** How a module's dialect expresses operations, which measure the round trip to it. */
  readonly operations?: Operations | undefined;
  /** Asks a module for its identity, before the first case. */
  readonly identity?: IdentityOnce | undefined;
  /** Whether a case that missed something beside other cases runs again alone; default true. */
  readonly confirm?: boolean | undefined;
  /** Called with each rule that a case breaks, by the case's id and protocol; then no case is refused for it. */
  readonly onBroken?: ((id: string, protocol: string, rule: string) => void) | undefined;
  /** Called with the places in the suites that allow what came. */
  readonly onTaken?: ((places: readonly string[]) => void) | undefined;
  /** The properties of each CONNECT of 5.0 that does not set them. */
  readonly announces?: readonly Property[] | undefined;
  /** Whether sequence charts are recorded; default true. */
  readonly charts?: boolean | undefined;
}

/** What a worker needs to know about the run. */
export interface WorkerContext extends RunCasesOptions {
  /** Different for each run, so ids and topics are never those of another run: eight letters and digits. */
  readonly runId: string;
}

/** The variables from a row, the suite's values, the target and the command line, below the built-in ones. */
export function caseScope(builtIn: Scope, planned: PlannedCase, context: WorkerContext): Scope {
  const values = new Scope(builtIn);
  const ofTarget = claimsIn(context.target, planned.protocol).values;
  for (const [name, fallback] of planned.case.values) {
    values.bind(name, context.values.get(name) ?? ofTarget.get(name) ?? fallback);
  }
  const rows = new Scope(values);
  for (const [name, value] of planned.case.variables) rows.bind(name, value);
  return new Scope(rows);
}
