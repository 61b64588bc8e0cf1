import { sameMessage } from "../message_mark.ts";
import { packetIdAt } from "../offsets.ts";
import type { Exchange } from "../flight.ts";
import { type LedgerRule, on, ownFlight, type Scene } from "../rule.ts";
import { markIn } from "../sending.ts";

/** Rules for packet identifiers: a new packet has one that is not in use. */
export const IDENTIFIER_RULES: readonly LedgerRule[] = [
  {
    id: "packet-id-in-use",
    who: "both",
    clauses: {
      "3.1": [],
      "3.1.1": { client: ["MQTT-2.3.1-2"], server: ["MQTT-2.3.1-4"] },
      "5.0": { client: ["MQTT-2.2.1-3"], server: ["MQTT-2.2.1-4"] },
    },
    about:
      "A new PUBLISH of QoS 1 or 2, SUBSCRIBE or UNSUBSCRIBE has a packet id that is not already in use by its sender.",
    needs: "nothing",
    ...on(["PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE"], (packet, scene) => {
      const { packetId } = packet;
      if (packetId === undefined) return undefined;
      const user = usedBy(scene, packetId);
      if (user === undefined) return undefined;
      return {
        message: `The packet id ${packetId} of this ${packet.type} is still in use: ${user}`,
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
];

/** Describes the current user of this packet's packet id; undefined for a free id and for a resent message. */
function usedBy(scene: Scene, packetId: number): string | undefined {
  const { packet, connection, by } = scene;
  const request = by === "client" ? connection.requests.get(packetId) : undefined;
  if (request) {
    // In 3.1 both may be resent.
    if (connection.version === "3.1" && request.type === packet.type) return undefined;
    return `${request.type === "SUBSCRIBE" ? "a SUBSCRIBE" : "an UNSUBSCRIBE"} has no answer yet`;
  }
  const open = ownFlight(scene)?.open(packetId);
  // Before CONNACK it is unknown whether the session continues.
  if (!open || (open.page !== connection.serial && !connection.accepted)) return undefined;
  if (packet.type === "PUBLISH") {
    const mark = markIn(packet, scene);
    if (packet.dup || (sameMessage(open.message, mark) && open.page !== connection.serial)) return undefined;
  }
  return `a QoS ${open.message.qos} PUBLISH ${stateOf(open)}`;
}

function stateOf({ message, stage }: Exchange): string {
  if (message.qos === 1) return "has no PUBACK yet";
  if (stage === "sent") return "has no PUBREC yet";
  return stage === "received" ? "has PUBREC but no PUBREL yet" : "has no PUBCOMP yet";
}
