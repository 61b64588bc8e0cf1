import { packetIdAt } from "../offsets.ts";
import { type LedgerRule, on } from "../rule.ts";

/** Rules for the order of acknowledgements, which is the order of what they acknowledge. */
export const ORDERING_RULES: readonly LedgerRule[] = [
  {
    id: "puback-in-other-order",
    who: "client",
    clauses: { "3.1.1": ["MQTT-4.6.0-2"], "5.0": ["MQTT-4.6.0-2"] },
    about: "A client sends PUBACKs in the order in which their PUBLISHes came.",
    needs: "connection",
    ...on(
      ["PUBACK"],
      (packet, { connection, by, size }) =>
        connection.ordered && connection.orders[by].pubacks.isLate(packet.packetId)
          ? late(packet.packetId, "PUBACK", "PUBLISH", packetIdAt(packet, size))
          : undefined,
    ),
  },
  {
    id: "pubrec-in-other-order",
    who: "client",
    clauses: { "3.1.1": ["MQTT-4.6.0-3"], "5.0": ["MQTT-4.6.0-3"] },
    about: "A client sends PUBRECs in the order in which their PUBLISHes came.",
    needs: "connection",
    ...on(
      ["PUBREC"],
      (packet, { connection, by, size }) =>
        connection.ordered && connection.orders[by].pubrecs.isLate(packet.packetId)
          ? late(packet.packetId, "PUBREC", "PUBLISH", packetIdAt(packet, size))
          : undefined,
    ),
  },
  {
    id: "pubrel-in-other-order",
    who: "both",
    clauses: { "3.1.1": ["MQTT-4.6.0-4"], "5.0": { client: ["MQTT-4.6.0-4"] } },
    about:
      "An end sends PUBRELs in the order in which their PUBRECs came; a 3.1.1 server keeps it within a topic.",
    needs: "connection",
    ...on(["PUBREL"], (packet, { connection, by, size }) => {
      if (!connection.ordered || !connection.orders[by].pubrels.isLate(packet.packetId)) return undefined;
      return late(packet.packetId, "PUBREL", "PUBREC", packetIdAt(packet, size));
    }),
  },
];

function late(packetId: number, answer: string, asked: string, offset: number) {
  return {
    message: `${answer} ${packetId} was sent after the ${answer} for a ${asked} that came later`,
    offset,
  };
}
