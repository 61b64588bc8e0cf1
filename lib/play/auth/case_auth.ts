import { seededRandom, seedOf } from "../../ground/seeded_random.ts";
import type { DeclaredAuth } from "../../target/target.ts";
import { beginExchange } from "./begin.ts";
import type { AuthData, ClientExchange } from "./exchange.ts";

/** The exchange of one lane and its state. */
export interface LaneExchange {
  readonly exchange: ClientExchange;
  /** Whether the connected client re-authenticates. */
  readonly again: boolean;
  /** The client's next message, once the server has asked for it. */
  next?: { readonly data: AuthData; readonly last: boolean } | undefined;
}

/** The exchanges of a case, by lane. */
export class CaseAuth {
  readonly declared: DeclaredAuth;
  readonly #random: () => number;
  readonly #lanes = new Map<string, LaneExchange>();

  /** `seed` is the run's seed, `id` the case's id: both determine every nonce. */
  constructor(declared: DeclaredAuth, seed: number, id: string) {
    this.declared = declared;
    this.#random = seededRandom(seedOf(`${seed} ${id} auth`));
  }

  /** Starts an exchange on a lane and replaces the previous one. */
  begin(lane: string, again: boolean): LaneExchange {
    const begun = { exchange: beginExchange(this.declared, this.#random), again };
    this.#lanes.set(lane, begun);
    return begun;
  }

  /** Returns the last exchange of a lane. */
  of(lane: string): LaneExchange | undefined {
    return this.#lanes.get(lane);
  }
}
