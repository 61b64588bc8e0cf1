import { received, sent } from "../changes.ts";
import type { Defect } from "./defect.ts";

const never = () => [];
const next = (id: number | undefined) => (id ?? 0) + 1;

/** Returns the payload of a draft as a copy that may be changed. */
function bytes(payload: Uint8Array | string | undefined): Uint8Array {
  return typeof payload === "string" ? new TextEncoder().encode(payload) : Uint8Array.from(payload ?? []);
}

/** Faults of the MQTT client. */
export const MQTT_DEFECTS: readonly Defect[] = [
  // CONNECT.
  {
    id: "keepalive-ignored",
    description: "CONNECT always has a keep-alive of 120 s, whatever was set",
    clauses: ["ECMT-CFG-W12", "ECMT-CONN-W8"],
    change: sent("CONNECT", (packet) => [{ ...packet, keepAlive: 120 }]),
  },
  {
    id: "session-ignored",
    description: "CONNECT always requests a clean session",
    clauses: ["ECMT-CFG-W13", "ECMT-CONN-W8"],
    change: sent("CONNECT", (packet) => [{ ...packet, cleanStart: true }]),
  },
  {
    id: "session-inverted",
    description: "CONNECT has the clean session flag inverted",
    clauses: ["ECMT-CFG-W13", "ECMT-CONN-W8"],
    change: sent("CONNECT", (packet) => [{ ...packet, cleanStart: packet.cleanStart !== true }]),
  },
  {
    id: "will-ignored",
    description: "CONNECT has no will",
    clauses: ["ECMT-CFG-W15", "ECMT-CONN-W8"],
    change: sent("CONNECT", (packet) => [{ ...packet, will: undefined }]),
  },
  {
    id: "will-retain-ignored",
    description: "The will's retain flag is never set",
    clauses: ["ECMT-CFG-W15"],
    change: sent(
      "CONNECT",
      (packet) => [packet.will ? { ...packet, will: { ...packet.will, retain: false } } : packet],
    ),
  },
  {
    id: "will-qos-ignored",
    description: "The will's QoS is always 0",
    clauses: ["ECMT-CFG-W15"],
    change: sent(
      "CONNECT",
      (packet) => [packet.will ? { ...packet, will: { ...packet.will, qos: 0 } } : packet],
    ),
  },
  {
    id: "version-ignored",
    description: "CONNECT always has the version of 3.1.1, whatever was set",
    clauses: ["ECMT-CFG-W16", "ECMT-CONN-W8"],
    change: sent("CONNECT", (packet) => [{ ...packet, protocolName: "MQTT", protocolLevel: 4 }]),
  },
  {
    id: "user-name-dropped",
    description: "CONNECT has neither user name nor password",
    clauses: ["ECMT-CONN-W1"],
    change: sent("CONNECT", (packet) => [{ ...packet, userName: undefined, password: undefined }]),
  },
  {
    id: "password-dropped",
    description: "CONNECT has no password",
    clauses: ["ECMT-CONN-W1"],
    change: sent("CONNECT", (packet) => [{ ...packet, password: undefined }]),
  },
  {
    id: "client-id-cut",
    description: "CONNECT has the client id without its last byte",
    clauses: ["ECMT-CONN-W1"],
    change: sent("CONNECT", (packet) => [{ ...packet, clientId: bytes(packet.clientId).slice(0, -1) }]),
  },
  {
    id: "client-id-needs-password",
    description: "The client id is used only if user name and password are also given",
    clauses: ["ECMT-CONN-W1", "ECMT-CONN-W5"],
    change: sent(
      "CONNECT",
      (packet) => [packet.password === undefined ? { ...packet, clientId: "", userName: undefined } : packet],
    ),
  },
  {
    id: "conn-success-at-once",
    description: "CONN is reported as done when CONNECT is sent",
    clauses: ["ECMT-CONN-U4"],
    change: () => ({ connectReportedAt: "CONNECT" }),
  },
  {
    id: "refusal-as-success",
    description: "A refusing CONNACK is treated as acceptance",
    clauses: ["ECMT-CONN-U5", "ECMT-CONN-U6"],
    change: received("CONNACK", (packet) => ({ ...packet, reason: 0 })),
  },
  // SUBSCRIBE and UNSUBSCRIBE.
  {
    id: "sub-qos-zero",
    description: "SUBSCRIBE always requests QoS 0",
    clauses: ["ECMT-SUB-W3"],
    change: sent("SUBSCRIBE", (packet) => [{
      ...packet,
      subscriptions: (packet.subscriptions ?? []).map((subscription) => ({ ...subscription, qos: 0 })),
    }]),
  },
  {
    id: "sub-own-id",
    description: "SUBSCRIBE has a packet id other than msgID",
    clauses: ["ECMT-SUB-W2"],
    change: sent("SUBSCRIBE", (packet) => [{ ...packet, packetId: next(packet.packetId) }]),
  },
  {
    id: "sub-refusal-as-success",
    description: "A refused subscription is reported as granted",
    clauses: ["ECMT-SUB-U4"],
    change: received(
      "SUBACK",
      (packet) => ({ ...packet, reasons: packet.reasons.map((code) => code > 2 ? 0 : code) }),
    ),
  },
  {
    id: "uns-does-nothing",
    description: "UNS is reported as done, but no UNSUBSCRIBE is sent",
    clauses: ["ECMT-UNS-W1", "ECMT-UNS-U1"],
    change: () => ({ unsubscribes: false }),
  },
  {
    id: "uns-own-id",
    description: "UNSUBSCRIBE has a packet id other than msgID",
    clauses: ["ECMT-UNS-W1"],
    change: sent("UNSUBSCRIBE", (packet) => [{ ...packet, packetId: next(packet.packetId) }]),
  },
  // Publishing.
  {
    id: "retain-ignored",
    description: "PUBLISH never has the retain flag",
    clauses: ["ECMT-PUB-W5"],
    change: sent("PUBLISH", (packet) => [{ ...packet, retain: false }]),
  },
  {
    id: "retain-always",
    description: "PUBLISH always has the retain flag",
    clauses: ["ECMT-PUB-W5"],
    change: sent("PUBLISH", (packet) => [{ ...packet, retain: true }]),
  },
  {
    id: "dup-at-first",
    description: "PUBLISH has the DUP flag when it is sent for the first time",
    clauses: ["MQTT-4.3.2-1", "MQTT-4.3.3-1", "ECMT-PUB-U5"],
    change: sent("PUBLISH", (packet) => [{ ...packet, dup: packet.qos !== 0 }]),
  },
  {
    id: "pub-own-id",
    description: "PUBLISH has a packet id other than msgID",
    clauses: ["ECMT-PUB-W3"],
    change: sent(
      "PUBLISH",
      (packet) => [packet.qos === 0 ? packet : { ...packet, packetId: next(packet.packetId) }],
    ),
  },
  {
    id: "pub-twice",
    description: "PUBLISH is sent twice",
    clauses: ["ECMT-PUB-W1"],
    change: sent("PUBLISH", (packet) => [packet, packet]),
  },
  {
    id: "pub-qos-lowered",
    description: "A QoS 2 message is sent at QoS 1",
    clauses: ["ECMT-PUB-W4"],
    change: sent("PUBLISH", (packet) => [packet.qos === 2 ? { ...packet, qos: 1 } : packet]),
  },
  {
    id: "pub-payload-upper-case",
    description: "The payload is sent in upper case",
    clauses: ["ECMT-PUB-W1"],
    change: sent("PUBLISH", (packet) => [{
      ...packet,
      payload: bytes(packet.payload).map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte),
    }]),
  },
  {
    id: "pub-payload-cut-at-comma",
    description: "A payload in the command line is sent only up to its first comma",
    clauses: ["ECMT-PUB-W20"],
    change: ({ inlinePayload }) => ({ inlinePayload: (text) => inlinePayload(text).split(",")[0] ?? "" }),
  },
  {
    id: "pub-payload-keeps-quotes",
    description: "A payload in the command line is sent with its quotes",
    clauses: ["ECMT-PUB-W20"],
    change: ({ inlinePayload }) => ({ inlinePayload: (text) => `"${inlinePayload(text)}"` }),
  },
  {
    id: "qos1-success-at-once",
    description: "A publish at QoS 1 is reported as done when it is sent",
    clauses: ["ECMT-PUB-U3"],
    change: ({ completes }) => ({ completes: (qos) => qos === 1 ? "sent" : completes(qos) }),
  },
  {
    id: "qos2-success-at-once",
    description: "A publish at QoS 2 is reported as done when it is sent",
    clauses: ["ECMT-PUB-U3"],
    change: ({ completes }) => ({ completes: (qos) => qos === 2 ? "sent" : completes(qos) }),
  },
  {
    id: "qos2-success-at-pubrec",
    description: "A publish at QoS 2 is reported as done at PUBREC",
    clauses: ["ECMT-PUB-U3"],
    change: ({ completes }) => ({ completes: (qos) => qos === 2 ? "PUBREC" : completes(qos) }),
  },
  {
    id: "pubrel-missing",
    description: "PUBREC is not answered",
    clauses: ["ECMT-PUB-U6", "MQTT-4.3.3-1"],
    change: sent("PUBREL", never),
  },
  {
    id: "pubrel-wrong-id",
    description: "PUBREL has the packet id plus one",
    clauses: ["ECMT-PUB-U6", "MQTT-4.3.3-1"],
    change: sent("PUBREL", (packet) => [{ ...packet, packetId: next(packet.packetId) }]),
  },
  {
    id: "resend-missing",
    description: "An unacknowledged PUBLISH is not resent when a stored session resumes",
    clauses: ["MQTT-4.4.0-1"],
    change: ({ resends }) => ({ resends: (what) => what !== "PUBLISH" && resends(what) }),
  },
  {
    id: "resend-without-dup",
    description: "PUBLISH is resent without the DUP flag",
    clauses: ["MQTT-3.3.1-1"],
    change: sent("PUBLISH", (packet) => [{ ...packet, dup: false }]),
  },
  {
    id: "pubrel-resend-missing",
    description: "PUBREL is not resent when a stored session resumes",
    clauses: ["MQTT-4.4.0-1"],
    change: ({ resends }) => ({ resends: (what) => what !== "PUBREL" && resends(what) }),
  },
  // Receiving.
  {
    id: "puback-missing",
    description: "PUBLISH at QoS 1 is not acknowledged",
    clauses: ["ECMT-RECV-U7", "MQTT-4.3.2-2"],
    change: sent("PUBACK", never),
  },
  {
    id: "puback-wrong-id",
    description: "PUBACK has the packet id plus one",
    clauses: ["ECMT-RECV-U7", "MQTT-4.3.2-2"],
    change: sent("PUBACK", (packet) => [{ ...packet, packetId: next(packet.packetId) }]),
  },
  {
    id: "pubrec-missing",
    description: "PUBLISH at QoS 2 is not answered",
    clauses: ["ECMT-RECV-U7", "MQTT-4.3.3-2"],
    change: sent("PUBREC", never),
  },
  {
    id: "pubcomp-missing",
    description: "PUBREL is not answered",
    clauses: ["ECMT-RECV-U7", "MQTT-4.3.3-2"],
    change: sent("PUBCOMP", never),
  },
  {
    id: "pubcomp-wrong-id",
    description: "PUBCOMP has the packet id plus one",
    clauses: ["ECMT-RECV-U7", "MQTT-4.3.3-2"],
    change: sent("PUBCOMP", (packet) => [{ ...packet, packetId: next(packet.packetId) }]),
  },
  {
    id: "qos2-delivered-twice",
    description: "A repeated PUBLISH at QoS 2 is delivered again",
    clauses: ["ECMT-RECV-U6", "MQTT-4.3.3-2"],
    change: () => ({ filtersDuplicates: false }),
  },
  {
    id: "recv-twice",
    description: "Every received message is reported twice",
    clauses: ["ECMT-RECV-U1"],
    change: ({ deliver }) => ({ deliver: (message) => deliver(message).flatMap((once) => [once, once]) }),
  },
  {
    id: "violation-tolerated",
    description: "The connection stays open after a packet that violates the protocol",
    clauses: ["MQTT-4.8.0-1"],
    change: () => ({ closesOnViolation: false }),
  },
  // The connection.
  {
    id: "disconnect-missing",
    description: "DISC and CLOSE close the connection without DISCONNECT",
    clauses: ["ECMT-DISC-W2", "ECMT-CLOSE-W3"],
    change: sent("DISCONNECT", never),
  },
  {
    id: "close-keeps-tcp",
    description: "DISC and CLOSE leave the TCP connection open",
    clauses: ["ECMT-DISC-W2", "ECMT-CLOSE-U1", "MQTT-3.14.4-1"],
    change: () => ({ closesTcp: false }),
  },
  {
    id: "reconnect-missing",
    description: "The module does not reconnect after a lost connection",
    clauses: ["ECMT-S-3"],
    change: () => ({ reconnects: false }),
  },
  {
    id: "no-pingreq",
    description: "PINGREQ is never sent",
    clauses: ["ECMT-CFG-W12", "MQTT-3.1.2-23"],
    change: sent("PINGREQ", never),
  },
];
