import { AUTH_WRONG } from "../../suite/step/authenticate.ts";

/** Authentication Data; undefined for a packet without any. */
export type AuthData = Uint8Array | undefined;

/** The ways to make a client's message wrong on purpose. */
export type WrongWay = keyof typeof AUTH_WRONG;

/** Whether a name is one of {@link AUTH_WRONG}. */
export function isWrongWay(name: string): name is WrongWay {
  return Object.hasOwn(AUTH_WRONG, name);
}

/**
 * Thrown if data from the server does not belong to the exchange, or if attest cannot continue it, which
 * `verdict` says.
 */
export class AuthProblem extends Error {
  override readonly name = "AuthProblem";

  constructor(message: string, readonly verdict?: "error" | "inconclusive") {
    super(message);
  }
}

/** The client's side of one Authentication Data exchange, from its first message to the server's success. */
export interface ClientExchange {
  /** Whether the client's next answer is its last message. */
  readonly lastNext: boolean;
  /** Returns the data of CONNECT, or of the AUTH that starts a re-authentication. */
  first(): AuthData;
  /**
   * Returns the correct answer to a challenge. Throws {@link AuthProblem} for a challenge that does not
   * belong here.
   */
  answer(challenge: AuthData): Promise<AuthData>;
  /** Checks the data of the CONNACK or AUTH that reports success. Throws {@link AuthProblem} if it is wrong. */
  success(data: AuthData): void;
  /**
   * Makes a client's message wrong: `right` is the correct one. Returns undefined if this exchange has no
   * message that could be wrong in this way.
   */
  wrong(way: WrongWay, right: AuthData): Promise<{ readonly data: AuthData } | undefined>;
  /** Whether a wrong way applies to the first message; the others apply to the last one. */
  isOfFirst(way: WrongWay): boolean;
}

/** Makes a message wrong in a way that does not depend on its content. */
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
