import type { AuthData, AuthenticationMethod, AuthFault } from "./method/method.ts";
import type { Delivery } from "./message.ts";
import type { Session } from "./session.ts";

/** What becomes of a delivery while its client authenticates itself again. */
export type DuringAuth = "send" | "hold" | "drop";

/** The decisions of a broker about enhanced authentication. [5.0, section 4.12] */
export interface Authenticating {
  /** The methods that the broker knows. */
  methods: readonly AuthenticationMethod[];
  /** The reason of the AUTH that asks a client for more. [MQTT-4.12.0-2 of 5.0] */
  challengeReason: number;
  /** The method that this AUTH names; undefined for none. [MQTT-4.12.0-5 of 5.0] */
  challengeMethod(right: string): string | undefined;
  /** Whether a fault in a client's message is passed over. [MQTT-4.12.0-4 of 5.0] */
  passesFault(fault: AuthFault): boolean;
  /** Whether a client of a known method is let in without a question. */
  acceptsUnasked: boolean;
  /** Whether an answer may have any reason. [MQTT-4.12.0-3 of 5.0] */
  takesAnyAuthReason: boolean;
  /** Whether AUTH may name another method than CONNECT. [MQTT-4.12.1-1 of 5.0] */
  takesOtherMethods: boolean;
  /** Whether the packet that tells success names the method. [MQTT-4.12.0-5 of 5.0] */
  namesMethod: boolean;
  /** The data of the packet that tells success. */
  successData(right: AuthData): AuthData;
  /** Whether that data goes ahead in an AUTH, which the client has to answer. */
  successDataFirst: boolean;
  /** Whether the broker asks once more behind the success. */
  asksAfterSuccess: boolean;
  /** The reason of a failure, of CONNACK or, of a client that is `connected`, of DISCONNECT. */
  authFailure(right: number, connected: boolean): number;
  /** Whether an unknown user is asked like any other, and refused at the end. */
  asksUnknownUsers: boolean;
  /** How often a client may authenticate itself again. */
  mostReAuthentications: number;
  /** The reason of the AUTH that tells a client that it has authenticated itself again. */
  reAuthenticatedReason: number;
  /** The packet that tells it. */
  reAuthenticatedBy: "AUTH" | "CONNACK";
  /** Called when a client has authenticated itself again; `drop` removes one of its subscriptions. */
  onReAuthenticated(session: Session, drop: (filter: string) => void): void;
  /** What becomes of deliveries meanwhile. */
  duringAuth(delivery: Delivery): DuringAuth;
  /** Whether the client's packets are served meanwhile. */
  servesDuringAuth: boolean;
  /** Whether a client stays connected that could not authenticate itself again. [MQTT-4.12.1-2 of 5.0] */
  keepsUnauthenticated: boolean;
  /** Whether packets ahead of the CONNACK are passed over in place of ending the connection. [MQTT-3.1.2-30 of 5.0] */
  ignoresBeforeConnack: boolean;
  /** Whether an AUTH is answered by one, although no method was agreed on. [MQTT-4.12.0-6 of 5.0] */
  answersAuth: boolean;
}

/** The usual, right decisions. */
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
