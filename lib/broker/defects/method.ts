import type { AuthFault } from "../method/method.ts";
import type { Defect } from "./defect.ts";

/** The quirk with which the broker supports authentication methods. */
const BESIDE = ["authenticates"];

/** Ignores these faults in a client's messages. */
const passing = (...faults: readonly AuthFault[]): Defect["alter"] => (right) => ({
  passesFault: (fault) => faults.includes(fault) || right.passesFault(fault),
});

const FAILING = ["MQTT-4.12.0-4", "MQTT-4.12.1-2"];

/** Faults of enhanced authentication in a broker that supports methods. The clauses are those of 5.0. */
export const METHOD_DEFECTS: readonly Defect[] = [
  {
    id: "auth-challenge-of-success",
    description: "The AUTH that asks a client for more data has reason 0x00",
    clauses: ["MQTT-4.12.0-2"],
    beside: BESIDE,
    alter: () => ({ challengeReason: 0 }),
  },
  {
    id: "auth-wrong-answer-taken",
    description: "Any answer of a client is accepted as correct",
    clauses: ["MQTT-4.12.0-4", "MQTT-4.12.1-2"],
    beside: BESIDE,
    alter: passing("first", "user", "empty", "cut", "nonce", "proof", "form"),
  },
  {
    id: "auth-any-reason-taken",
    description: "An AUTH with any reason is accepted as an answer",
    clauses: ["MQTT-4.12.0-3"],
    beside: BESIDE,
    alter: () => ({ takesAnyAuthReason: true }),
  },
  {
    id: "auth-other-method-taken",
    description: "An AUTH may name a different method than CONNECT",
    clauses: ["MQTT-4.12.0-5", "MQTT-4.12.1-1"],
    beside: BESIDE,
    alter: () => ({ takesOtherMethods: true }),
  },
  {
    id: "auth-method-unnamed",
    description: "CONNACK and the AUTH that ends a re-authentication do not name the method",
    clauses: ["MQTT-4.12.0-5"],
    beside: BESIDE,
    alter: () => ({ namesMethod: false }),
  },
  {
    id: "re-auth-failure-ignored",
    description: "A client that fails to re-authenticate stays connected",
    clauses: ["MQTT-4.12.1-2"],
    beside: BESIDE,
    alter: () => ({ keepsUnauthenticated: true }),
  },
  {
    id: "auth-proof-unchecked",
    description: "An answer in the right format is accepted, whatever it proves",
    clauses: FAILING,
    beside: BESIDE,
    alter: passing("proof"),
  },
  {
    id: "auth-nonce-unchecked",
    description: "The nonce in the last SCRAM message is not compared with the broker's nonce",
    clauses: FAILING,
    beside: BESIDE,
    alter: passing("nonce"),
  },
  {
    id: "auth-empty-answer-taken",
    description: "An answer without data is accepted as correct",
    clauses: FAILING,
    beside: BESIDE,
    alter: passing("empty"),
  },
  {
    id: "auth-cut-answer-taken",
    description: "An answer without its last bytes is accepted as correct",
    clauses: FAILING,
    beside: BESIDE,
    alter: passing("cut"),
  },
  {
    id: "auth-unknown-user-taken",
    description: "An unknown user is accepted without proof",
    clauses: FAILING,
    beside: BESIDE,
    alter: passing("user"),
  },
  {
    id: "auth-unasked-accepted",
    description: "A client with a known method is accepted without a challenge",
    clauses: ["MQTT-4.12.0-4"],
    beside: BESIDE,
    alter: () => ({ acceptsUnasked: true }),
  },
  {
    id: "auth-challenge-other-method",
    description: "The AUTH with the challenge names a method other than that of CONNECT",
    clauses: ["MQTT-4.12.0-5"],
    beside: BESIDE,
    alter: () => ({ challengeMethod: () => "x-attest-other" }),
  },
  {
    id: "auth-challenge-unnamed",
    description: "The AUTH with the challenge names no method",
    clauses: ["MQTT-4.12.0-5"],
    beside: BESIDE,
    alter: () => ({ challengeMethod: () => undefined }),
  },
  {
    id: "auth-success-data-missing",
    description: "The packet that reports success lacks the method's data, such as the SCRAM signature",
    beside: BESIDE,
    alter: () => ({ successData: () => undefined }),
  },
  {
    id: "auth-success-data-wrong",
    description: "The packet that reports success has wrong data, such as a wrong SCRAM signature",
    beside: BESIDE,
    alter: (right) => ({
      successData: (data) =>
        right.successData(data)?.map((byte, at) => at === 2 ? (byte === 0x41 ? 0x42 : 0x41) : byte),
    }),
  },
  {
    id: "auth-asked-after-success",
    description: "An authenticated client gets another AUTH without asking for one",
    clauses: ["MQTT-4.12.0-2"],
    beside: BESIDE,
    alter: () => ({ asksAfterSuccess: true }),
  },
  {
    id: "auth-early-packets-ignored",
    description: "Packets before CONNACK are ignored, and the authentication continues",
    clauses: ["MQTT-3.1.2-30"],
    beside: BESIDE,
    alter: () => ({ ignoresBeforeConnack: true }),
  },
  {
    id: "re-auth-once",
    description: "A client may re-authenticate once, and is disconnected the second time",
    clauses: ["MQTT-4.12.1-1"],
    beside: BESIDE,
    alter: () => ({ mostReAuthentications: 1 }),
  },
  {
    id: "re-auth-ends-with-continue",
    description: "Re-authentication ends with AUTH 0x18",
    clauses: ["MQTT-4.12.1-1"],
    beside: BESIDE,
    alter: () => ({ reAuthenticatedReason: 0x18 }),
  },
  {
    id: "re-auth-ends-with-connack",
    description: "Re-authentication ends with CONNACK",
    clauses: ["MQTT-3.2.0-2"],
    beside: BESIDE,
    alter: () => ({ reAuthenticatedBy: "CONNACK" }),
  },
  {
    id: "re-auth-loses-subscriptions",
    description: "A client loses its subscriptions when it re-authenticates",
    clauses: ["MQTT-4.12.1-1"],
    beside: BESIDE,
    alter: () => ({
      onReAuthenticated: (session, drop) => [...session.subscriptions.keys()].forEach(drop),
    }),
  },
  {
    id: "re-auth-forgets-qos2",
    description: "The broker forgets a client's QoS 2 handshakes when it re-authenticates",
    clauses: ["MQTT-4.12.1-1", "MQTT-4.3.3-10"],
    beside: BESIDE,
    alter: () => ({
      onReAuthenticated: ({ received, unacknowledged, released }) => {
        for (const open of [received, unacknowledged, released]) open.clear();
      },
    }),
  },
  {
    id: "re-auth-drops-will",
    description: "The broker forgets a client's will when it re-authenticates",
    clauses: ["MQTT-3.1.2-8"],
    beside: BESIDE,
    alter: () => ({
      onReAuthenticated: (session) => {
        session.will = undefined;
      },
    }),
  },
  {
    id: "re-auth-drops-messages",
    description: "Messages for a client are dropped while it re-authenticates",
    clauses: ["MQTT-4.12.1-1", "MQTT-4.3.2-4"],
    beside: BESIDE,
    alter: () => ({ duringAuth: () => "drop" }),
  },
  {
    id: "re-auth-serves-nothing",
    description: "Packets that a client sends while it re-authenticates are ignored",
    clauses: ["MQTT-4.12.1-1", "MQTT-3.12.4-1"],
    beside: BESIDE,
    alter: () => ({ servesDuringAuth: false }),
  },
];
