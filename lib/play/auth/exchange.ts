import { AUTH_WRONG } from "../../suite/step/authenticate.ts";

/** Authentication Data; undefined for a packet that has none. */
export type AuthData = Uint8Array | undefined;

/** The ways in which a client's message can be made wrong on purpose. */
export type WrongWay = keyof typeof AUTH_WRONG;

/** Whether a name is one of {@link AUTH_WRONG}. */
export function isWrongWay(name: string): name is WrongWay {
  return Object.hasOwn(AUTH_WRONG, name);
}

/** What the server has sent does not belong to the exchange; or attest can't go on with it, where `verdict` says so. */
export class AuthProblem extends Error {
  override readonly name = "AuthProblem";

  constructor(message: string, readonly verdict?: "error" | "inconclusive") {
    super(message);
  }
}

/** The client's side of one exchange of Authentication Data, from its first message to the server's success. */
export interface ClientExchange {
  /** Whether the client's next answer is its last message. */
  readonly lastNext: boolean;
  /** The data of CONNECT, or of the AUTH that begins a re-authentication. */
  first(): AuthData;
  /** The right answer to a challenge. Throws {@link AuthProblem} for a challenge that does not belong here. */
  answer(challenge: AuthData): Promise<AuthData>;
  /** Looks at the data of the CONNACK or AUTH that tells success. Throws {@link AuthProblem} where it is not right. */
  success(data: AuthData): void;
  /**
   * A message of the client made wrong: `right` is what it should be. Undefined where this exchange has no message that could be
   * wrong in this way.
   */
  wrong(way: WrongWay, right: AuthData): Promise<{ readonly data: AuthData } | undefined>;
  /** Whether a wrong way is one of the first message; the others are of the last one. */
  isOfFirst(way: WrongWay): boolean;
}

/** The ways in which any message can be wrong, whatever is in it. */
export function wrongBytes(way: WrongWay, right: AuthData): { readonly data: AuthData } | undefined {
  if (right === undefined || right.length === 0) return undefined;
  switch (way) {
    case "cut":
      return { data: right.slice(0, -1) };
    case "empty":
      return { data: new Uint8Array() };
    case "none":
      return { data: undefined };
    default:
      return undefined;
  }
}
