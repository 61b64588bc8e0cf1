/**
 * The interface of the players, which execute the steps of a case. Each verb's player is a file in `step/`
 * and a line in `step/players.ts`.
 */
import type { StepBase } from "../suite/step/verb.ts";
import type { CaseAuth } from "./auth/case_auth.ts";
import type { CaseContext } from "./case_context.ts";
import type { ClientParty } from "./party/client.ts";
import type { Party } from "./party/party.ts";

/** The parties of a running case, and what they share. */
export interface Play {
  readonly context: CaseContext;
  /** Returns the party of a lane, created at its first use. */
  readonly party: (lane: string) => Party;
  /** Returns the party of a lane that is an MQTT client; absent if there are no clients. */
  readonly client?: ((lane: string) => ClientParty) | undefined;
  /** The AUTH exchanges; absent if the target declares none. */
  readonly auth?: CaseAuth | undefined;
  /** Stops the target and starts it again; absent if that is not possible. */
  readonly restart?: (() => Promise<void>) | undefined;
}

/** The parties of one case from start to end; owns them. */
export interface OwnedPlay extends Play, AsyncDisposable {
  /** The parties created so far. */
  readonly parties: () => Iterable<Party>;
}

/** Plays the inner steps of a step. */
export type PlaySteps = (steps: readonly StepBase[], play: Play) => Promise<void>;

/** Plays one step to its end. Throws {@link StepFailed} if it fails. */
export type Player<S extends StepBase> = (step: S, play: Play, inner: PlaySteps) => Promise<void> | void;
