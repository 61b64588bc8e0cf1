import { sameBytes } from "../../ground/bytes.ts";
import type { DeclaredAuth } from "../../target/target.ts";
import { type AuthData, AuthProblem, type ClientExchange, wrongBytes, type WrongWay } from "./exchange.ts";

/** An exchange with the same bytes each time. */
export class FixedExchange implements ClientExchange {
  readonly #auth: Extract<DeclaredAuth, { kind: "fixed" }>;
  #answered = 0;

  constructor(auth: Extract<DeclaredAuth, { kind: "fixed" }>) {
    this.#auth = auth;
  }

  get lastNext(): boolean {
    return this.#answered === this.#auth.steps.length - 1;
  }

  first(): AuthData {
    return this.#auth.connect;
  }

  answer(challenge: AuthData): Promise<AuthData> {
    const { steps } = this.#auth;
    const step = steps[this.#answered++];
    if (!step) {
      throw new AuthProblem(`the server asks ${steps.length + 1} times; auth: has ${counted(steps.length)}`);
    }
    if (step.challenge !== undefined && !same(step.challenge, challenge)) {
      throw new AuthProblem(
        `${described(challenge)} in the server's AUTH ${this.#answered}; auth: has ${
          described(step.challenge)
        }`,
      );
    }
    return Promise.resolve(step.answer);
  }

  success(data: AuthData): void {
    const { steps, success } = this.#auth;
    if (this.#answered < steps.length) {
      throw new AuthProblem(`success after ${counted(this.#answered)}; auth: has ${counted(steps.length)}`);
    }
    if (success === undefined || same(success, data)) return;
    throw new AuthProblem(`${described(data)} with the success; auth: has ${described(success)}`);
  }

  wrong(way: WrongWay, right: AuthData): Promise<{ readonly data: AuthData } | undefined> {
    const changes = (way === "first" || way === "answer") && right !== undefined && right.length > 0;
    return Promise.resolve(changes ? { data: changed(right) } : wrongBytes(way, right));
  }

  isOfFirst(way: WrongWay): boolean {
    return way === "first" || way === "user";
  }
}

/** Returns the bytes with the last one changed. */
function changed(data: Uint8Array): Uint8Array {
  const other = data.slice();
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  return other;
}

function same(one: AuthData, other: AuthData): boolean {
  return one === undefined || other === undefined ? one === other : sameBytes(one, other);
}

function counted(steps: number): string {
  return steps === 1 ? "1 step" : `${steps} steps`;
}

function described(data: AuthData): string {
  return data === undefined
    ? "no data"
    : `the data 0x${data.subarray(0, 40).toHex()}${data.length > 40 ? "…" : ""}`;
}
