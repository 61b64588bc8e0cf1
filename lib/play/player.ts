/** What plays the steps of a case. Each verb's player is a file in `step/` and a line in `step/players.ts`. */
import type { StepBase } from "../suite/step/verb.ts";
import type { CaseAuth } from "./auth/case_auth.ts";
import type { CaseContext } from "./case_context.ts";
import type { ClientParty } from "./party/client.ts";
import type { Party } from "./party/party.ts";

/** The parties of a running case, and what they share. */
export interface Play {
  readonly context: CaseContext;
  /** The party of a lane; made at its first use. */
  readonly party: (lane: string) => Party;
  /** The party of a lane that is an MQTT client; absent where there are none. */
  readonly client?: ((lane: string) => ClientParty) | undefined;
  /** The exchanges of AUTH packets; absent where the target declares none. */
  readonly auth?: CaseAuth | undefined;
  /** Ends the target and starts it again; absent where that can't be. */
  readonly restart?: (() => Promise<void>) | undefined;
}

/** The parties of one case from its start to its end, which it owns. */
export interface OwnedPlay extends Play, AsyncDisposable {
  /** Those that have come in so far. */
  readonly parties: () => Iterable<Party>;
}

/** Plays steps that stand in a step. */
export type PlaySteps = (steps: readonly StepBase[], play: Play) => Promise<void>;

/** Plays one step to its end. Throws {@link StepFailed} when it does not go as it says. */
export type Player<S extends StepBase> = (step: S, play: Play, inner: PlaySteps) => Promise<void> | void;
