import type { Verdict } from "../run/event.ts";
import type { Place } from "../spec/place.ts";

/** What a step saw that it should not have, before its place in the case is known. */
export interface StepProblem {
  /** One sentence. */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly hex?: string | undefined;
  /** Clauses that the problem itself cites, such as that of a broken encoding rule. */
  readonly clauses?: readonly string[] | undefined;
  /** The rules of MQTT that the received packet breaks, whatever the case is about; absent if it breaks none. */
  readonly broken?: readonly string[] | undefined;
  /**
   * Set if the arrival is well-formed but not the expected one; a lane that ignores such arrivals continues
   * to wait.
   */
  readonly unexpected?: true | undefined;
  /** Set if an expected arrival did not come in time, which a busy target can explain. */
  readonly missing?: true | undefined;
  /** The verdict, if it is not simply a failure of the target. */
  readonly verdict?: Extract<Verdict, "inconclusive" | "error" | "skip"> | undefined;
  /** The rule behind a `skip`: a limit that the target has announced. */
  readonly limit?: string | undefined;
  /** Whether the connection was lost, or nothing came, which a dead target can explain. */
  readonly connectionLost?: boolean | undefined;
}

/** Thrown to end a case when a step fails. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly problem: StepProblem;
  /** The place in the suite, if it is more precise than the step's own. */
  readonly place: Place | undefined;

  constructor(problem: StepProblem, place?: Place) {
    super(problem.message);
    this.problem = problem;
    this.place = place;
  }
}
