import { seededRandom, seedOf } from "../../ground/seeded_random.ts";
import type { DeclaredAuth } from "../../target/target.ts";
import { beginExchange } from "./begin.ts";
import type { AuthData, ClientExchange } from "./exchange.ts";

/** The exchange of one lane, and where it stands. */
export interface LaneExchange {
  readonly exchange: ClientExchange;
  /** Whether the client is connected and authenticates itself again. */
  readonly again: boolean;
  /** The client's next message, once the server has asked for it. */
  next?: { readonly data: AuthData; readonly last: boolean } | undefined;
}

/** The exchanges of a case, by the lane of each. */
export class CaseAuth {
  readonly declared: DeclaredAuth;
  readonly #random: () => number;
  readonly #lanes = new Map<string, LaneExchange>();

  /** `seed` is the run's, `id` that of the case: every nonce follows from them. */
  constructor(declared: DeclaredAuth, seed: number, id: string) {
    this.declared = declared;
    this.#random = seededRandom(seedOf(`${seed} ${id} auth`));
  }

  /** Begins an exchange on a lane, in place of that before it. */
  begin(lane: string, again: boolean): LaneExchange {
    const begun = { exchange: beginExchange(this.declared, this.#random), again };
    this.#lanes.set(lane, begun);
    return begun;
  }

  /** The last exchange of a lane. */
  of(lane: string): LaneExchange | undefined {
    return this.#lanes.get(lane);
  }
}
