import type { Place } from "../spec/place.ts";
import type { Verdict } from "../run/event.ts";

/** What a step saw that it should not have, before it is known where in the case it stood. */
export interface Finding {
  /** One sentence. */
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly hex?: string;
  /** Clauses that the finding itself names, such as a broken encoding rule's. */
  readonly clauses?: readonly string[];
  /** Something came that is right in itself and not what is due; a lane that ignores such things waits on. */
  readonly unexpected?: true;
  /** What it means where it is not simply a failure of the target. */
  readonly verdict?: Extract<Verdict, "inconclusive" | "error">;
  /** Whether the connection was gone, or nothing came, so that a dead target can explain it. */
  readonly connectionLost?: boolean;
}

/** Ends a case: a step did not go as the suite says. */
export class StepFailed extends Error {
  readonly finding: Finding;
  /** The place in the suite, where it is nearer than the step's own. */
  readonly place: Place | undefined;

  constructor(finding: Finding, place?: Place) {
    super(finding.message);
    this.name = "StepFailed";
    this.finding = finding;
    this.place = place;
  }
}
