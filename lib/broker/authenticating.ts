import type { AuthData, AuthenticationMethod, AuthFault } from "./method/method.ts";
import type { Delivery } from "./message.ts";
import type { Session } from "./session.ts";

/** What the broker does with a delivery while its client re-authenticates. */
export type DuringAuth = "send" | "hold" | "drop";

/** The decisions of a broker about enhanced authentication. [5.0, section 4.12] */
export interface Authenticating {
  /** The methods that the broker knows. */
  methods: readonly AuthenticationMethod[];
  /** The reason code of the AUTH that asks a client for more data. [MQTT-4.12.0-2 of 5.0] */
  challengeReason: number;
  /** The method that this AUTH names; undefined for none. [MQTT-4.12.0-5 of 5.0] */
  challengeMethod(right: string): string | undefined;
  /** Whether the broker ignores a fault in a client's message. [MQTT-4.12.0-4 of 5.0] */
  passesFault(fault: AuthFault): boolean;
  /** Whether the broker accepts a client with a known method without an exchange. */
  acceptsUnasked: boolean;
  /** Whether a client's answer may have any reason code. [MQTT-4.12.0-3 of 5.0] */
  takesAnyAuthReason: boolean;
  /** Whether AUTH may name a different method than CONNECT. [MQTT-4.12.1-1 of 5.0] */
  takesOtherMethods: boolean;
  /** Whether the packet that reports success names the method. [MQTT-4.12.0-5 of 5.0] */
  namesMethod: boolean;
  /** The data of the packet that reports success. */
  successData(right: AuthData): AuthData;
  /** Whether that data is sent earlier, in an AUTH that the client must answer. */
  successDataFirst: boolean;
  /** Whether the broker asks for data once more after the success. */
  asksAfterSuccess: boolean;
  /** The reason code of a failure: in CONNACK, or in DISCONNECT if the client is `connected`. */
  authFailure(right: number, connected: boolean): number;
  /** Whether an unknown user goes through the exchange like any other, and is refused at its end. */
  asksUnknownUsers: boolean;
  /** How often a client may re-authenticate. */
  mostReAuthentications: number;
  /** The reason code of the AUTH that reports a successful re-authentication. */
  reAuthenticatedReason: number;
  /** The packet that reports it. */
  reAuthenticatedBy: "AUTH" | "CONNACK";
  /** Called when a client has re-authenticated; `drop` removes one of its subscriptions. */
  onReAuthenticated(session: Session, drop: (filter: string) => void): void;
  /** What the broker does with deliveries during a re-authentication. */
  duringAuth(delivery: Delivery): DuringAuth;
  /** Whether the broker serves the client's packets during a re-authentication. */
  servesDuringAuth: boolean;
  /** Whether a client stays connected after a failed re-authentication. [MQTT-4.12.1-2 of 5.0] */
  keepsUnauthenticated: boolean;
  /** Whether packets before the CONNACK are ignored instead of ending the connection. [MQTT-3.1.2-30 of 5.0] */
  ignoresBeforeConnack: boolean;
  /** Whether the broker answers an AUTH with an AUTH although CONNECT named no method. [MQTT-4.12.0-6 of 5.0] */
  answersAuth: boolean;
}

/** The usual, correct decisions. */
export const RIGHT_AUTHENTICATING: Authenticating = {
  methods: [],
  challengeReason: 0x18,
  challengeMethod: (right) => right,
  passesFault: () => false,
  acceptsUnasked: false,
  takesAnyAuthReason: false,
  takesOtherMethods: false,
  namesMethod: true,
  successData: (right) => right,
  successDataFirst: false,
  asksAfterSuccess: false,
  authFailure: (right) => right,
  asksUnknownUsers: true,
  mostReAuthentications: Infinity,
  reAuthenticatedReason: 0x00,
  reAuthenticatedBy: "AUTH",
  onReAuthenticated: () => {},
  duringAuth: () => "send",
  servesDuringAuth: true,
  keepsUnauthenticated: false,
  ignoresBeforeConnack: false,
  answersAuth: false,
};
