/** Authentication Data; undefined for a packet that has none. */
export type AuthData = Uint8Array | undefined;

/** What is wrong with a message of the client. */
export type AuthFault =
  /** The first message is not what the method begins with. */
  | "first"
  /** There is no such user. */
  | "user"
  /** The message has no data, or data without bytes. */
  | "empty"
  /** The message is the beginning of the right one. */
  | "cut"
  | "nonce"
  /** The message is well-formed, and does not prove who the client is. */
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

/** How lax a server is. */
export interface Manner {
  /** Whether a fault is passed over, which a right broker never does. */
  readonly passes: (fault: AuthFault) => boolean;
  /** Whether a user that there is not is asked like any other, so that nobody learns which there are. */
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

/** Bytes of text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
