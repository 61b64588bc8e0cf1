/** Authentication Data; undefined for a packet that has none. */
export type AuthData = Uint8Array | undefined;

/** What is wrong with a message of the client. */
export type AuthFault =
  /** The first message is not a valid first message of the method. */
  | "first"
  /** The user does not exist. */
  | "user"
  /** The message has no data, or empty data. */
  | "empty"
  /** The message is a truncated form of the correct one. */
  | "cut"
  | "nonce"
  /** The message is well-formed, but its proof is wrong. */
  | "proof"
  /** Anything else. */
  | "form";

/** What the server does with a message of the client. */
export type MethodStep =
  | { readonly kind: "ask"; readonly data: AuthData }
  | { readonly kind: "success"; readonly data: AuthData }
  | { readonly kind: "failed" };

/** The server's side of one exchange. */
export interface ServerExchange {
  /** Takes the data of CONNECT or AUTH. */
  take(data: AuthData): MethodStep;
}

/** How lenient a server is. */
export interface Manner {
  /** Whether the server ignores this fault; a correct broker never does. */
  readonly passes: (fault: AuthFault) => boolean;
  /** Whether the exchange goes on for an unknown user, so a client can't learn which users exist. */
  readonly asksUnknownUsers: boolean;
}

/** A method of enhanced authentication. [5.0, section 4.12] */
export interface AuthenticationMethod {
  /** The Authentication Method of CONNECT. */
  readonly name: string;
  /** Begins an exchange. */
  begin(manner: Manner): ServerExchange;
}

export const FAILED: MethodStep = { kind: "failed" };

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
