import type { Verdict } from "../run/event.ts";
import type { Place } from "../spec/place.ts";

/** What a step saw that it should not have, before it is known where in the case it stood. */
export interface StepProblem {
  /** One sentence. */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly hex?: string | undefined;
  /** Clauses that the problem itself names, such as a broken encoding rule's. */
  readonly clauses?: readonly string[] | undefined;
  /** The rules of MQTT that the packet that came breaks, whatever the case is about; absent where it breaks none. */
  readonly broken?: readonly string[] | undefined;
  /** Something came that is right in itself and not what is due; a lane that ignores such things waits on. */
  readonly unexpected?: true | undefined;
  /** Something that was expected did not come in time; a busy target can explain it. */
  readonly missing?: true | undefined;
  /** What it means where it is not simply a failure of the target. */
  readonly verdict?: Extract<Verdict, "inconclusive" | "error" | "skip"> | undefined;
  /** The rule behind a `skip`: a limit that the target has announced. */
  readonly limit?: string | undefined;
  /** Whether the connection was gone, or nothing came, so that a dead target can explain it. */
  readonly connectionLost?: boolean | undefined;
}

/** Ends a case: a step did not go as the suite says. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly problem: StepProblem;
  /** The place in the suite, where it is nearer than the step's own. */
  readonly place: Place | undefined;

  constructor(problem: StepProblem, place?: Place) {
    super(problem.message);
    this.problem = problem;
    this.place = place;
  }
}
