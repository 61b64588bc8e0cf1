import type { ConnectVerdict } from "../behaviour.ts";
import type { Message } from "../message.ts";
import { type Defect, sends, tolerates } from "./defect.ts";

const ACCEPT: ConnectVerdict = { kind: "accept" };
const CLOSE: ConnectVerdict = { kind: "close" };

/** A defect that changes the answer to a refused CONNECT. */
const connects =
  (change: (right: ConnectVerdict, clientId: string, clean: boolean) => ConnectVerdict): Defect["alter"] =>
  (right) => ({
    connect: (verdict, packet) => change(right.connect(verdict, packet), packet.clientId, packet.cleanStart),
  });

/** Faults of CONNECT and of the keep alive. */
export const CONNECT_DEFECTS: readonly Defect[] = [
  {
    id: "wrong-protocol-name-accepted",
    description: "A CONNECT with a wrong protocol name is accepted",
    clauses: ["MQTT-3.1.2-1"],
    alter: tolerates(["protocol-name"], "CONNECT"),
  },
  {
    id: "unsupported-level-accepted",
    description: "A CONNECT with an unknown protocol level is accepted",
    clauses: ["MQTT-3.1.2-2"],
    alter: tolerates(["protocol-level"], "CONNECT"),
  },
  {
    id: "unsupported-level-silent",
    description: "A CONNECT with an unknown protocol level gets no CONNACK",
    clauses: ["MQTT-3.1.2-2"],
    alter: connects((right) => right.kind === "refuse" && right.reason === 1 ? CLOSE : right),
  },
  {
    id: "refusal-wrong-code",
    description: "A refusing CONNACK always has return code 5",
    clauses: ["MQTT-3.1.2-2", "MQTT-3.1.3-8"],
    alter: connects((right) => right.kind === "refuse" ? { ...right, reason: 5 } : right),
  },
  {
    id: "refusal-session-present",
    description: "A refusing CONNACK has Session Present 1",
    clauses: ["MQTT-3.2.2-4"],
    alter: sends("CONNACK", (packet) => [packet.reason ? { ...packet, sessionPresent: true } : packet]),
  },
  {
    id: "refused-not-closed",
    description: "The connection stays open after a refusing CONNACK",
    clauses: ["MQTT-3.2.2-5"],
    alter: () => ({ closesAfterRefusal: false }),
  },
  {
    id: "empty-id-with-state-accepted",
    description: "An empty client id is accepted with CleanSession 0",
    clauses: ["MQTT-3.1.3-8"],
    alter: connects((right, clientId, clean) =>
      clientId === "" && !clean && right.kind === "refuse" && right.reason === 2 ? ACCEPT : right
    ),
  },
  {
    id: "empty-id-refused",
    description: "An empty client id is refused even with CleanSession 1",
    clauses: ["MQTT-3.1.3-6"],
    alter: connects((right, clientId) =>
      clientId === "" && right.kind === "accept" ? { kind: "refuse", reason: 2 } : right
    ),
  },
  {
    id: "empty-id-shared",
    description: "All clients without a client id get the same one",
    clauses: ["MQTT-3.1.3-6"],
    alter: () => ({ assignedClientId: () => "anonymous" }),
  },
  {
    id: "id-over-20-refused",
    description: "Client ids of more than 20 bytes are refused",
    clauses: ["MQTT-3.1.3-5"],
    alter: connects((right, clientId) =>
      clientId.length > 20 && right.kind === "accept" ? { kind: "refuse", reason: 2 } : right
    ),
  },
  {
    id: "id-with-capitals-refused",
    description: "Client ids with capital letters are refused",
    clauses: ["MQTT-3.1.3-5"],
    alter: connects((right, clientId) =>
      /[A-Z]/.test(clientId) && right.kind === "accept" ? { kind: "refuse", reason: 2 } : right
    ),
  },
  {
    id: "reserved-connect-flag-tolerated",
    description: "A CONNECT with the reserved flag set is accepted",
    clauses: ["MQTT-3.1.2-3"],
    alter: tolerates(["connect-flag-reserved"], "CONNECT"),
  },
  {
    id: "will-flags-without-will-tolerated",
    description: "Will QoS and Will Retain are accepted without the will flag",
    clauses: ["MQTT-3.1.2-13", "MQTT-3.1.2-15"],
    alter: tolerates(["will-qos-without-will", "will-retain-without-will"], "CONNECT"),
  },
  {
    id: "password-without-user-name-tolerated",
    description: "A password is accepted without a user name",
    clauses: ["MQTT-3.1.2-22"],
    alter: tolerates(["password-without-user-name"], "CONNECT"),
  },
  {
    id: "trailing-bytes-tolerated",
    description: "Bytes after the last field of a packet are ignored",
    clauses: ["MQTT-3.1.4-1"],
    alter: tolerates(["trailing-bytes"]),
  },
  {
    id: "unreadable-connect-ignored",
    description: "A malformed CONNECT is ignored, and the connection stays open",
    clauses: ["MQTT-3.1.4-1"],
    alter: () => ({ ignoresUnreadable: true }),
  },
  {
    id: "second-connect-tolerated",
    description: "A second CONNECT on a connection is ignored",
    clauses: ["MQTT-3.1.0-2"],
    alter: (right) => ({
      passesOver: (packet, connected) =>
        (connected && packet.type === "CONNECT") || right.passesOver(packet, connected),
    }),
  },
  {
    id: "second-connect-answered",
    description: "A second CONNECT on a connection is answered with another CONNACK",
    clauses: ["MQTT-3.1.0-2"],
    alter: () => ({ answersSecondConnect: true }),
  },
  {
    id: "first-packet-not-connect-tolerated",
    description: "A packet before CONNECT is ignored",
    clauses: ["MQTT-3.1.0-1"],
    alter: (right) => ({
      passesOver: (packet, connected) => !connected || right.passesOver(packet, connected),
    }),
  },
  {
    id: "connack-late",
    description: "Messages queued for a client are sent before its CONNACK",
    clauses: ["MQTT-3.2.0-1"],
    alter: () => ({ connackLate: true }),
  },
  {
    id: "keep-alive-not-enforced",
    description: "A silent client is never disconnected",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ silenceMs: () => Infinity }),
  },
  {
    id: "keep-alive-early",
    description: "A silent client is disconnected after half its keep alive",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ silenceMs: (seconds) => seconds === 0 ? Infinity : seconds * 500 }),
  },
  {
    id: "keep-alive-late",
    description: "A silent client is disconnected only after five times its keep alive",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ silenceMs: (seconds) => seconds === 0 ? Infinity : seconds * 5_000 }),
  },
  {
    id: "keep-alive-zero-enforced",
    description: "A client without keep alive is disconnected after one second of silence",
    clauses: ["MQTT-3.1.2-24"],
    alter: (right) => ({ silenceMs: (seconds) => seconds === 0 ? 1000 : right.silenceMs(seconds) }),
  },
  {
    id: "keep-alive-ignores-pings",
    description: "PINGREQ does not restart keep alive",
    clauses: ["MQTT-3.1.2-24"],
    alter: (right) => ({ isSignOfLife: (type) => type !== "PINGREQ" && right.isSignOfLife(type) }),
  },
  {
    id: "keep-alive-only-pings",
    description: "Only PINGREQ restarts keep alive",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ isSignOfLife: (type) => type === "PINGREQ" || type === "CONNECT" }),
  },
];

const wills = (change: (will: Message) => readonly Message[]): Defect["alter"] => (right) => ({
  wills: (message) => right.wills(message).flatMap(change),
});

/** Faults of wills. */
export const WILL_DEFECTS: readonly Defect[] = [
  {
    id: "will-lost",
    description: "Wills are never published",
    clauses: ["MQTT-3.1.2-8"],
    alter: () => ({ publishesWill: () => false }),
  },
  {
    id: "will-after-disconnect",
    description: "The will is published even after DISCONNECT",
    clauses: ["MQTT-3.14.4-3", "MQTT-3.1.2-10"],
    alter: (right) => ({ publishesWill: (cause) => cause === "disconnect" || right.publishesWill(cause) }),
  },
  {
    id: "will-lost-on-keep-alive",
    description: "The will is not published when the client was silent for too long",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({ publishesWill: (cause) => cause !== "keep-alive" && right.publishesWill(cause) }),
  },
  {
    id: "will-lost-on-protocol-error",
    description: "The will is not published when the client violated the protocol",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({
      publishesWill: (cause) => cause !== "protocol-error" && right.publishesWill(cause),
    }),
  },
  {
    id: "will-lost-on-takeover",
    description: "The will is not published when another connection takes over the client id",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({ publishesWill: (cause) => cause !== "takeover" && right.publishesWill(cause) }),
  },
  {
    id: "will-not-removed",
    description: "A will stays with its session and is published by later connections without a will",
    clauses: ["MQTT-3.1.2-10", "MQTT-3.1.2-12"],
    alter: () => ({ forgetsWill: false }),
  },
  {
    id: "will-doubled",
    description: "Wills are published twice",
    clauses: ["MQTT-3.1.2-10"],
    alter: wills((will) => [will, will]),
  },
  {
    id: "will-never-retained",
    description: "Will Retain has no effect",
    clauses: ["MQTT-3.1.2-17"],
    alter: wills((will) => [{ ...will, retain: false }]),
  },
  {
    id: "will-always-retained",
    description: "Every will is retained",
    clauses: ["MQTT-3.1.2-16"],
    alter: wills((will) => [{ ...will, retain: true }]),
  },
  {
    id: "will-at-qos0",
    description: "Every will is published at QoS 0",
    clauses: ["MQTT-3.1.2-9"],
    alter: wills((will) => [{ ...will, qos: 0 }]),
  },
  {
    id: "will-payload-cut",
    description: "The last byte of a will's payload is lost",
    clauses: ["MQTT-3.1.2-9"],
    alter: wills((will) => [{ ...will, payload: will.payload.subarray(0, -1) }]),
  },
];
