import type { PacketType } from "../../packet.ts";
import { otherEnd } from "../connection.ts";
import type { Exchange } from "../flight.ts";
import { packetIdAt } from "../offsets.ts";
import { type LedgerRule, on, otherFlight, ownFlight, type Scene } from "../rule.ts";

/** Rules for acknowledgements: each belongs to a sent packet that has none yet, and has the right type. */
export const ACKNOWLEDGING_RULES: readonly LedgerRule[] = [
  {
    id: "wrong-acknowledgement",
    who: "both",
    clauses: { "3.1": ["MQTT31-3.3-2"], "3.1.1": ["MQTT-3.3.4-1"], "5.0": ["MQTT-3.3.4-1"] },
    about: "PUBACK answers a PUBLISH of QoS 1, and PUBREC one of QoS 2.",
    needs: "nothing",
    ...on(["PUBACK", "PUBREC"], (packet, scene) => {
      const { type, packetId } = packet;
      const qos = otherFlight(scene)?.open(packetId)?.message.qos;
      const right = type === "PUBACK" ? 1 : 2;
      if (qos === undefined || qos === right || isAwaited(type, packetId, scene)) return undefined;
      return {
        message: `${type} answers the PUBLISH with packet id ${packetId}, which has QoS ${qos}`,
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
  {
    id: "puback-unasked",
    who: "both",
    clauses: { "3.1": ["MQTT31-3.4-1"], "3.1.1": ["MQTT-2.3.1-6"], "5.0": ["MQTT-2.2.1-5"] },
    about: "PUBACK has the packet id of a PUBLISH of QoS 1 that has no PUBACK yet.",
    needs: "connection",
    ...on(["PUBACK"], (packet, scene) => unasked(packet, scene, "PUBLISH of QoS 1")),
  },
  {
    id: "pubrec-unasked",
    who: "both",
    clauses: { "3.1": ["MQTT31-3.5-1"], "3.1.1": ["MQTT-2.3.1-6"], "5.0": ["MQTT-2.2.1-5"] },
    about: "PUBREC has the packet id of a PUBLISH of QoS 2 whose handshake is not complete.",
    needs: "connection",
    ...on(["PUBREC"], (packet, scene) => unasked(packet, scene, "PUBLISH of QoS 2")),
  },
  {
    id: "pubrel-unasked",
    who: "both",
    clauses: {
      "3.1": ["MQTT31-3.6-1"],
      "3.1.1": ["MQTT-4.3.3-1", "MQTT-2.3.1-6"],
      "5.0": ["MQTT-4.3.3-4", "MQTT-2.2.1-5"],
    },
    about: "PUBREL follows the PUBREC of its packet id.",
    needs: "connection",
    ...on(["PUBREL"], (packet, scene) => {
      const { packetId } = packet;
      const flight = ownFlight(scene);
      if (!flight || flight.awaitsPubrel(packetId)) return undefined;
      const found = flight.exchange(packetId);
      if (!isSure(found, scene) || flight.lapsed(packetId)) return undefined;
      // A repetition has its own rule, and its PUBREC may be one that refuses.
      if (found && (found.releasedOn !== undefined || found.refused)) return undefined;
      const known = found?.message.qos === 2 && found.stage === "sent";
      return {
        message: known
          ? `PUBREL was sent before the PUBREC for packet id ${packetId}`
          : `PUBREL has packet id ${packetId}, for which there was no PUBREC`,
        offset: packetIdAt(packet, scene.size),
        clause: known ? undefined : scene.connection.version === "5.0" ? "MQTT-2.2.1-5" : "MQTT-2.3.1-6",
      };
    }),
  },
  {
    id: "pubrel-after-refusal",
    who: "both",
    clauses: { "5.0": ["MQTT-4.3.3-4"] },
    about: "A PUBREC with a code of 0x80 or above is not answered by PUBREL.",
    needs: "connection",
    ...on(["PUBREL"], (packet, scene) => {
      const flight = ownFlight(scene);
      const found = flight?.exchange(packet.packetId);
      if (!found?.certain || !found.refused || flight?.awaitsPubrel(packet.packetId)) return undefined;
      if (found.releasedOn !== undefined) return undefined;
      return {
        message: `PUBREL answers a PUBREC that refused the message with packet id ${packet.packetId}`,
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
  {
    id: "pubcomp-unasked",
    who: "both",
    clauses: { "3.1": ["MQTT31-3.7-1"], "3.1.1": ["MQTT-4.3.3-2"], "5.0": ["MQTT-2.2.1-5"] },
    about: "PUBCOMP has the packet id of a PUBREL that has no PUBCOMP yet.",
    needs: "connection",
    ...on(["PUBCOMP"], (packet, scene) => unasked(packet, scene, "PUBREL")),
  },
  {
    id: "suback-unasked",
    who: "server",
    clauses: { "3.1": ["MQTT31-3.8-2"], "3.1.1": ["MQTT-2.3.1-7"], "5.0": ["MQTT-2.2.1-6"] },
    about: "SUBACK has the packet id of a SUBSCRIBE that has no SUBACK yet.",
    needs: "connection",
    ...on(["SUBACK"], (packet, scene) => unrequested(packet, scene, "SUBSCRIBE")),
  },
  {
    id: "unsuback-unasked",
    who: "server",
    clauses: { "3.1": ["MQTT31-3.11-1"], "3.1.1": ["MQTT-2.3.1-7"], "5.0": ["MQTT-2.2.1-6"] },
    about: "UNSUBACK has the packet id of an UNSUBSCRIBE that has no UNSUBACK yet.",
    needs: "connection",
    ...on(["UNSUBACK"], (packet, scene) => unrequested(packet, scene, "UNSUBSCRIBE")),
  },
];

type Answer = Extract<Scene["packet"], { type: "PUBACK" | "PUBREC" | "PUBCOMP" }>;
type Reply = Extract<Scene["packet"], { type: "SUBACK" | "UNSUBACK" }>;

/**
 * Whether the packet that an answer belongs to is known: from the whole session, or since its PUBLISH was
 * seen on this connection.
 */
function isSure(found: Exchange | undefined, { wholeSession, connection }: Scene): boolean {
  if (found) return found.certain && (wholeSession || found.page === connection.serial);
  return wholeSession;
}

function isAwaited(type: PacketType, packetId: number, scene: Scene): boolean {
  const flight = otherFlight(scene);
  if (type === "PUBACK") return flight?.awaitsPuback(packetId) ?? true;
  if (type === "PUBREC") return flight?.awaitsPubrec(packetId) ?? true;
  return flight?.awaitsPubcomp(packetId) ?? true;
}

function unasked(packet: Answer, scene: Scene, what: string) {
  const { type, packetId } = packet;
  if (isAwaited(type, packetId, scene)) return undefined;
  const found = otherFlight(scene)?.exchange(packetId);
  if (!isSure(found, scene) || otherFlight(scene)?.lapsed(packetId)) return undefined;
  // An answer of the wrong type has its own rule.
  const wrong = type !== "PUBCOMP" && found && found.stage !== "done" &&
    found.message.qos !== (type === "PUBACK" ? 1 : 2);
  if (wrong) return undefined;
  return {
    message: `${type} has packet id ${packetId}, but no ${what} from the ${
      otherEnd(scene.by)
    } awaits ${type} with that id`,
    offset: packetIdAt(packet, scene.size),
  };
}

function unrequested(packet: Reply, scene: Scene, what: "SUBSCRIBE" | "UNSUBSCRIBE") {
  const request = scene.connection.requests.get(packet.packetId);
  if (request && (request.type === what || request.doubled)) return undefined;
  const other = request ? `; ${request.type === "SUBSCRIBE" ? "a SUBSCRIBE" : "an UNSUBSCRIBE"} has it` : "";
  return {
    message:
      `${packet.type} has packet id ${packet.packetId}, but no ${what} awaits ${packet.type} with that id${other}`,
    offset: packetIdAt(packet, scene.size),
  };
}
