import type { Party } from "./party/party.ts";
import type { StepContext } from "./steps.ts";

/** The parties of one running case, and what they share. It owns them. */
export interface Stage extends StepContext, AsyncDisposable {
  /** Those that have come in so far. */
  readonly parties: () => Iterable<Party>;
}
