import type { Draft } from "../../mqtt/packet.ts";
import { type Defect, tolerates } from "./defect.ts";

/** A reason string that does not fit into a small packet. */
const LONG = "x".repeat(300);

/** A packet of 5.0 with a reason string, if it is an answer that may have one. */
function explained(draft: Draft): Draft {
  switch (draft.type) {
    case "PUBACK":
    case "PUBREC":
    case "PUBCOMP":
    case "SUBACK":
    case "UNSUBACK":
    case "AUTH":
      return { ...draft, properties: [...draft.properties ?? [], { name: "reasonString", value: LONG }] };
    default:
      return draft;
  }
}

/** Faults of shared subscriptions, and of what a 5.0 client announces or requests. */
export const ANNOUNCED_DEFECTS: readonly Defect[] = [
  {
    id: "shared-to-all",
    description: "A message goes to every member of a shared subscription",
    clauses: ["MQTT-4.8.2-1"],
    alter: () => ({ sharedMembers: (members) => members }),
  },
  {
    id: "no-local-on-shared-tolerated",
    description: "A shared subscription with No Local is granted",
    clauses: ["MQTT-3.8.3-4"],
    alter: tolerates(["no-local-on-shared"], "SUBSCRIBE"),
  },
  {
    id: "no-local-ignored",
    description: "No Local has no effect",
    clauses: ["MQTT-3.8.3-3"],
    alter: () => ({ noLocal: () => false, noLocalForRetained: false }),
  },
  {
    id: "receive-maximum-ignored",
    description: "The client's Receive Maximum has no effect",
    clauses: ["MQTT-3.3.4-9"],
    alter: () => ({ window: () => 0xffff }),
  },
  {
    id: "maximum-packet-size-ignored",
    description: "The client's Maximum Packet Size has no effect",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ sendsUpTo: () => Infinity }),
  },
  {
    id: "topic-alias-unasked",
    description: "Every message to a 5.0 client has topic alias 7, whatever the client allows",
    clauses: ["MQTT-3.1.2-26", "MQTT-3.1.2-27"],
    alter: (right) => ({
      outgoing: (packet, version) =>
        right.outgoing(packet, version).map((draft) =>
          draft.type === "PUBLISH" && version === "5.0"
            ? { ...draft, properties: [...draft.properties ?? [], { name: "topicAlias", value: 7 }] }
            : draft
        ),
    }),
  },
  {
    id: "reason-strings-unasked",
    description: "Answers of 5.0 have a reason string of 300 characters, whatever the client allows",
    clauses: ["MQTT-3.1.2-29", "MQTT-3.4.2-2", "MQTT-3.15.2-2", "MQTT-3.15.2-3"],
    alter: (right) => ({
      outgoing: (packet, version) =>
        right.outgoing(packet, version).map((draft) => version === "5.0" ? explained(draft) : draft),
    }),
  },
  {
    id: "response-information-unasked",
    description: "CONNACK of 5.0 has Response Information, whether or not the client asks for it",
    clauses: ["MQTT-3.1.2-28"],
    alter: (right) => ({
      announces: (announced, packet) => [
        ...right.announces(announced, packet),
        { name: "responseInformation", value: "answers" },
      ],
    }),
  },
];
