import type { PacketType } from "../../mqtt/packet.ts";
import { PACKET_ID_NOT_FOUND } from "../reasons.ts";
import { type Defect, sends } from "./defect.ts";

const NO_MATCHING_SUBSCRIBERS = 0x10;

/** The reason codes of a client's DISCONNECT. */
const OF_A_CLIENT: ReadonlySet<number> = new Set(
  [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99],
);

type Acknowledgement = Extract<PacketType, "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP">;

/** A defect that sends an acknowledgement of 5.0 with this code. */
const coded = (type: Acknowledgement, reason: number): Defect["alter"] =>
  sends(type, (packet, version) => [version === "5.0" ? { ...packet, reason } : packet]);

/** Faults of the codes and the format of answers in 5.0, and of its flow control. */
export const CODE_DEFECTS: readonly Defect[] = [
  {
    id: "puback-foreign-code",
    description: "PUBACK has the reason code 0x92, which only PUBREL and PUBCOMP have",
    clauses: ["MQTT-3.4.2-1"],
    alter: coded("PUBACK", PACKET_ID_NOT_FOUND),
  },
  {
    id: "pubrec-foreign-code",
    description: "PUBREC has the reason code 0x92, which only PUBREL and PUBCOMP have",
    clauses: ["MQTT-3.5.2-1"],
    alter: coded("PUBREC", PACKET_ID_NOT_FOUND),
  },
  {
    id: "pubrel-foreign-code",
    description: "PUBREL has the reason code 0x10, which only PUBACK and PUBREC have",
    clauses: ["MQTT-3.6.2-1"],
    alter: coded("PUBREL", NO_MATCHING_SUBSCRIBERS),
  },
  {
    id: "pubcomp-foreign-code",
    description: "PUBCOMP has the reason code 0x10, which only PUBACK and PUBREC have",
    clauses: ["MQTT-3.7.2-1"],
    alter: coded("PUBCOMP", NO_MATCHING_SUBSCRIBERS),
  },
  {
    id: "disconnect-with-expiry",
    description: "The broker's DISCONNECT has a Session Expiry Interval",
    clauses: ["MQTT-3.14.2-2"],
    alter: sends("DISCONNECT", (packet) => [{
      ...packet,
      properties: [...packet.properties ?? [], { name: "sessionExpiryInterval", value: 60 }],
    }]),
  },
  {
    id: "disconnect-after-refusal",
    description: "A client with a refused CONNECT gets a DISCONNECT after CONNACK",
    clauses: ["MQTT-3.14.0-1"],
    alter: () => ({ disconnectsUnaccepted: true }),
  },
  {
    id: "disconnect-unlisted-ignored",
    description: "A DISCONNECT with a reason code that a client cannot send is ignored",
    clauses: ["MQTT-3.14.2-1"],
    alter: (right) => ({
      passesOver: (packet, connected) =>
        (connected && packet.type === "DISCONNECT" && !OF_A_CLIENT.has(packet.reason)) ||
        right.passesOver(packet, connected),
    }),
  },
  {
    id: "full-window-stops-all",
    description: "A client with a used-up Receive Maximum gets no other answers either",
    clauses: ["MQTT-4.9.0-3", "MQTT-3.3.4-10"],
    alter: () => ({ servesAtFullWindow: false }),
  },
];
