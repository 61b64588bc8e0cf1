import { encode } from "../../mqtt/encode.ts";
import type { Draft } from "../../mqtt/packet.ts";
import { type Defect, sends } from "./defect.ts";

const plusOne = (packetId: number | undefined) => (packetId ?? 0) % 0xffff + 1;
const lost = () => [];
const doubled = (packet: Draft) => [packet, packet];

/** Faults of the packets with which the broker answers. */
export const ANSWER_DEFECTS: readonly Defect[] = [
  {
    id: "puback-wrong-id",
    description: "PUBACK carries the packet id plus one",
    clauses: ["MQTT-2.3.1-6", "MQTT-4.3.2-2"],
    alter: sends("PUBACK", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "puback-lost",
    description: "A QoS 1 PUBLISH is never answered",
    clauses: ["MQTT-3.3.4-1", "MQTT-4.3.2-2"],
    alter: sends("PUBACK", lost),
  },
  {
    id: "puback-doubled",
    description: "PUBACK is sent twice",
    clauses: ["MQTT-4.3.2-2"],
    alter: sends("PUBACK", doubled),
  },
  {
    id: "puback-for-qos2",
    description: "A QoS 2 PUBLISH is answered with PUBACK",
    clauses: ["MQTT-3.3.4-1", "MQTT-4.3.3-2"],
    alter: sends("PUBREC", (packet) => [{ type: "PUBACK", packetId: packet.packetId }]),
  },
  {
    id: "pubrec-wrong-id",
    description: "PUBREC carries the packet id plus one",
    clauses: ["MQTT-2.3.1-6", "MQTT-4.3.3-2"],
    alter: sends("PUBREC", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "pubrec-lost",
    description: "A QoS 2 PUBLISH is never answered",
    clauses: ["MQTT-3.3.4-1", "MQTT-4.3.3-2"],
    alter: sends("PUBREC", lost),
  },
  {
    id: "pubrec-doubled",
    description: "PUBREC is sent twice",
    clauses: ["MQTT-4.3.3-2"],
    alter: sends("PUBREC", doubled),
  },
  {
    id: "pubrel-wrong-id",
    description: "PUBREL carries the packet id plus one",
    clauses: ["MQTT-2.3.1-6", "MQTT-4.3.3-1"],
    alter: sends("PUBREL", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "pubrel-lost",
    description: "PUBREC is never answered",
    clauses: ["MQTT-4.3.3-1"],
    alter: sends("PUBREL", lost),
  },
  {
    id: "pubrel-flags-zero",
    description: "PUBREL is sent with the flags 0000",
    clauses: ["MQTT-3.6.1-1", "MQTT-2.2.2-1"],
    alter: sends("PUBREL", (packet) => [{ ...packet, wire: { flags: 0 } }]),
  },
  {
    id: "pubcomp-wrong-id",
    description: "PUBCOMP carries the packet id plus one",
    clauses: ["MQTT-4.3.3-2"],
    alter: sends("PUBCOMP", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "pubcomp-lost",
    description: "PUBREL is never answered",
    clauses: ["MQTT-4.3.3-2"],
    alter: sends("PUBCOMP", lost),
  },
  {
    id: "pubcomp-doubled",
    description: "PUBCOMP is sent twice",
    clauses: ["MQTT-4.3.3-2"],
    alter: sends("PUBCOMP", doubled),
  },
  {
    id: "suback-wrong-id",
    description: "SUBACK carries the packet id plus one",
    clauses: ["MQTT-3.8.4-2", "MQTT-2.3.1-7"],
    alter: sends("SUBACK", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "suback-lost",
    description: "SUBSCRIBE is never answered",
    clauses: ["MQTT-3.8.4-1"],
    alter: sends("SUBACK", lost),
  },
  {
    id: "suback-doubled",
    description: "SUBACK is sent twice",
    clauses: ["MQTT-3.8.4-4"],
    alter: sends("SUBACK", doubled),
  },
  {
    id: "suback-codes-reversed",
    description: "SUBACK has its return codes in the opposite order",
    clauses: ["MQTT-3.9.3-1"],
    alter: sends("SUBACK", (packet) => [{ ...packet, reasons: packet.reasons?.toReversed() }]),
  },
  {
    id: "suback-one-code",
    description: "SUBACK has only the first return code, however many filters were sent",
    clauses: ["MQTT-3.8.4-5"],
    alter: sends("SUBACK", (packet) => [{ ...packet, reasons: packet.reasons?.slice(0, 1) }]),
  },
  {
    id: "suback-extra-code",
    description: "SUBACK has one return code too many",
    clauses: ["MQTT-3.8.4-5"],
    alter: sends("SUBACK", (packet) => [{ ...packet, reasons: [...packet.reasons ?? [], 0] }]),
  },
  {
    id: "suback-grants-too-high",
    description: "SUBACK grants QoS 2, whatever was requested",
    clauses: ["MQTT-3.8.4-5"],
    alter: sends("SUBACK", (packet) => [{ ...packet, reasons: packet.reasons?.map(() => 2) }]),
  },
  {
    id: "suback-code-three",
    description: "SUBACK grants QoS 3 when QoS 2 was requested",
    clauses: ["MQTT-3.9.3-2"],
    alter: sends("SUBACK", (packet) => [{
      ...packet,
      reasons: packet.reasons?.map((reason) => reason === 2 ? 3 : reason),
    }]),
  },
  {
    id: "suback-one-each",
    description: "A SUBSCRIBE with several filters is answered with one SUBACK per filter",
    clauses: ["MQTT-3.8.4-4"],
    alter: sends(
      "SUBACK",
      (packet) => (packet.reasons ?? []).map((reason) => ({ ...packet, reasons: [reason] })),
    ),
  },
  {
    id: "unsuback-wrong-id",
    description: "UNSUBACK carries the packet id plus one",
    clauses: ["MQTT-3.10.4-4", "MQTT-2.3.1-7"],
    alter: sends("UNSUBACK", (packet) => [{ ...packet, packetId: plusOne(packet.packetId) }]),
  },
  {
    id: "unsuback-lost",
    description: "UNSUBSCRIBE is never answered",
    clauses: ["MQTT-3.10.4-4"],
    alter: sends("UNSUBACK", lost),
  },
  {
    id: "unsuback-doubled",
    description: "UNSUBACK is sent twice",
    clauses: ["MQTT-3.10.4-6"],
    alter: sends("UNSUBACK", doubled),
  },
  {
    id: "pingresp-lost",
    description: "PINGREQ is never answered",
    clauses: ["MQTT-3.12.4-1"],
    alter: sends("PINGRESP", lost),
  },
  {
    id: "pingresp-doubled",
    description: "PINGRESP is sent twice",
    clauses: ["MQTT-3.12.4-1"],
    alter: sends("PINGRESP", doubled),
  },
  {
    id: "connack-lost",
    description: "CONNECT is accepted without CONNACK",
    clauses: ["MQTT-3.1.4-4"],
    alter: sends("CONNACK", lost),
  },
  {
    id: "connack-doubled",
    description: "CONNACK is sent twice",
    clauses: ["MQTT-3.1.4-4"],
    alter: sends("CONNACK", doubled),
  },
  {
    id: "connack-property-doubled",
    description: "CONNACK has its first property twice",
    alter: sends("CONNACK", (packet) => {
      const { properties = [] } = packet;
      return [{ ...packet, properties: [...properties.slice(0, 1), ...properties] }];
    }),
  },
  {
    id: "connack-reserved-bits",
    description: "CONNACK has a reserved flag set",
    alter: sends("CONNACK", (packet, version) => {
      const head = [packet.sessionPresent ? 0x03 : 0x02, packet.reason ?? 0];
      return [{ ...packet, wire: { body: Uint8Array.from(version === "5.0" ? [...head, 0] : head) } }];
    }),
  },
  {
    id: "reserved-flags-in-answers",
    description: "PUBACK, SUBACK, UNSUBACK and PINGRESP are sent with a reserved flag set",
    clauses: ["MQTT-2.2.2-1"],
    alter: (right) => ({
      outgoing: (packet, version) =>
        right.outgoing(packet, version).map((draft) =>
          ["PUBACK", "SUBACK", "UNSUBACK", "PINGRESP"].includes(draft.type)
            ? { ...draft, wire: { ...draft.wire, flags: 0x04 } }
            : draft
        ),
    }),
  },
  {
    id: "remaining-length-overlong",
    description:
      "The remaining length of PUBACK, PUBREC and PUBCOMP is encoded in two bytes when one is enough",
    clauses: ["MQTT-1.5.5-1"],
    alter: (right) => ({
      outgoing: (packet, version) =>
        right.outgoing(packet, version).map((draft) =>
          ["PUBACK", "PUBREC", "PUBCOMP"].includes(draft.type) ? overlong(draft) : draft
        ),
    }),
  },
  {
    id: "remaining-length-128-wrong",
    description:
      "PUBLISH packets with 128 bytes or more after the fixed header have a remaining length one too small",
    alter: (right) => ({
      outgoing: (packet, version) =>
        right.outgoing(packet, version).map((draft) => {
          const size = draft.type === "PUBLISH" ? encode(draft, version).length : 0;
          const remainingLength = size - (size < 130 ? 2 : size < 16_384 + 3 ? 3 : 4);
          return remainingLength < 128 ? draft : { ...draft, wire: { remainingLength: remainingLength - 1 } };
        }),
    }),
  },
];

/** Acknowledgements of 3.x have two bytes after the fixed header. */
function overlong(draft: Draft): Draft {
  return { ...draft, wire: { ...draft.wire, remainingLength: Uint8Array.of(0x82, 0x00) } };
}
