import { type Defect, tolerates } from "./defect.ts";
import type { MalformedFrame } from "../../mqtt/frame.ts";

/** A defect that reads a packet that breaks one rule as a different packet. */
const repairs =
  (rule: string, repair: (raw: Uint8Array, offset: number) => void): Defect["alter"] => (right) => ({
    repairs: (frame: MalformedFrame) => {
      const violation = frame.violations.find((one) => one.rule === rule);
      if (!violation) return right.repairs(frame);
      const raw = frame.raw.slice();
      repair(raw, violation.offset);
      return raw;
    },
  });

const clears = (bits: number) => (raw: Uint8Array, offset: number) => {
  raw[offset] = (raw[offset] ?? 0) & ~bits;
};

/** Faults of reading: packets that must end the connection, but do not. */
export const READING_DEFECTS: readonly Defect[] = [
  {
    id: "reserved-flags-tolerated",
    description: "Wrong flags in the fixed header of SUBSCRIBE, UNSUBSCRIBE and PUBREL are ignored",
    clauses: ["MQTT-2.2.2-2", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1"],
    alter: (right) => ({
      tolerates: (violation, type) =>
        (violation.rule === "reserved-flags" && type !== "DISCONNECT" && type !== "PINGREQ" &&
          type !== "CONNECT") ||
        right.tolerates(violation, type),
    }),
  },
  {
    id: "connect-flags-tolerated",
    description: "Wrong flags in the fixed header of CONNECT are ignored",
    clauses: ["MQTT-2.2.2-2"],
    alter: tolerates(["reserved-flags"], "CONNECT"),
  },
  {
    id: "pingreq-flags-tolerated",
    description: "Wrong flags in the fixed header of PINGREQ are ignored",
    clauses: ["MQTT-2.2.2-2"],
    alter: tolerates(["reserved-flags"], "PINGREQ"),
  },
  {
    id: "disconnect-flags-tolerated",
    description: "Wrong flags in the fixed header of DISCONNECT are ignored",
    clauses: ["MQTT-3.14.1-1"],
    alter: tolerates(["reserved-flags"], "DISCONNECT"),
  },
  {
    id: "ill-formed-utf8-accepted",
    description: "Ill-formed UTF-8 is accepted",
    clauses: ["MQTT-1.5.3-1"],
    alter: tolerates(["utf8-ill-formed"]),
  },
  {
    id: "surrogates-accepted",
    description: "Text with encoded surrogates is accepted",
    clauses: ["MQTT-1.5.3-1"],
    alter: tolerates(["utf8-surrogate"]),
  },
  {
    id: "nul-accepted",
    description: "Text with U+0000 is accepted",
    clauses: ["MQTT-1.5.3-2", "MQTT-4.7.3-2"],
    alter: tolerates(["utf8-nul"]),
  },
  {
    id: "qos3-accepted",
    description: "A PUBLISH with both QoS bits set is read as QoS 2",
    clauses: ["MQTT-3.3.1-4"],
    alter: repairs("qos-3", clears(0x02)),
  },
  {
    id: "subscription-qos3-accepted",
    description: "A SUBSCRIBE that requests QoS 3 is read as QoS 2",
    clauses: ["MQTT-3.8.3-4"],
    alter: repairs("subscription-qos-3", clears(0x01)),
  },
  {
    id: "subscription-reserved-bits-tolerated",
    description: "Reserved bits beside the requested QoS are ignored",
    clauses: ["MQTT-3.8.3-4"],
    alter: tolerates(["subscription-options-reserved"]),
  },
  {
    id: "will-qos3-accepted",
    description: "A will with QoS 3 is read as QoS 2",
    clauses: ["MQTT-3.1.2-14"],
    alter: repairs("will-qos-3", clears(0x08)),
  },
  {
    id: "packet-id-zero-accepted",
    description: "Packet id 0 is accepted",
    clauses: ["MQTT-2.3.1-1"],
    alter: tolerates(["packet-id-zero"]),
  },
  {
    id: "dup-at-qos0-accepted",
    description: "A QoS 0 PUBLISH with DUP is accepted",
    clauses: ["MQTT-3.3.1-2"],
    alter: tolerates(["dup-at-qos-0"]),
  },
  {
    id: "empty-subscribe-accepted",
    description: "A SUBSCRIBE without filters is answered",
    clauses: ["MQTT-3.8.3-3"],
    alter: tolerates(["no-subscriptions"], "SUBSCRIBE"),
  },
  {
    id: "empty-unsubscribe-accepted",
    description: "An UNSUBSCRIBE without filters is answered",
    clauses: ["MQTT-3.10.3-2"],
    alter: tolerates(["no-subscriptions"], "UNSUBSCRIBE"),
  },
  {
    id: "reserved-type-tolerated",
    description: "Packets of a reserved type are ignored",
    clauses: ["MQTT-4.8.0-1"],
    alter: tolerates(["reserved-type"]),
  },
  {
    id: "cut-fields-tolerated",
    description: "Packets that end inside a field are ignored",
    clauses: ["MQTT-4.8.0-1"],
    alter: tolerates(["packet-too-short"]),
  },
  {
    id: "server-packets-tolerated",
    description: "Packets that only a server sends are ignored when a client sends them",
    clauses: ["MQTT-4.8.0-1"],
    alter: (right) => ({
      passesOver: (packet, connected) =>
        (connected && ["CONNACK", "SUBACK", "UNSUBACK", "PINGRESP"].includes(packet.type)) ||
        right.passesOver(packet, connected),
    }),
  },
];
