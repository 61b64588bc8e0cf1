import type { Draft } from "../../mqtt/packet.ts";
import { type Defect, sends } from "./defect.ts";

/** The quirk by which the broker redirects a client. */
const BESIDE = ["redirects"];

function refersElsewhere({ properties = [] }: Extract<Draft, { readonly type: "CONNACK" }>): boolean {
  return properties.some(({ name }) => name === "serverReference");
}

/** Faults of server redirection. */
export const REDIRECTION_DEFECTS: readonly Defect[] = [
  {
    id: "redirected-by-another-code",
    description: "A CONNACK with a Server Reference has reason code 0x88",
    beside: BESIDE,
    alter: sends("CONNACK", (packet) => [refersElsewhere(packet) ? { ...packet, reason: 0x88 } : packet]),
  },
  {
    id: "redirected-but-accepted",
    description: "A redirected client gets CONNACK 0x00 with a Server Reference",
    beside: BESIDE,
    alter: sends("CONNACK", (packet) => [refersElsewhere(packet) ? { ...packet, reason: 0 } : packet]),
  },
  {
    id: "redirected-with-its-session",
    description: "A CONNACK that redirects has Session Present 1",
    clauses: ["MQTT-3.2.2-6"],
    beside: BESIDE,
    alter: sends(
      "CONNACK",
      (packet) => [refersElsewhere(packet) ? { ...packet, sessionPresent: true } : packet],
    ),
  },
];
