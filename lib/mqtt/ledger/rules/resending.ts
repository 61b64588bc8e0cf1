import type { PublishPacket } from "../../packet.ts";
import { sameMessage } from "../message_mark.ts";
import { packetIdAt } from "../offsets.ts";
import { repeatKind } from "../recording.ts";
import {
  both,
  clientKnows,
  counted,
  each,
  type LedgerRule,
  on,
  only5,
  ownFlight,
  type Scene,
} from "../rule.ts";
import { markIn, repetitionOf } from "../sending.ts";

/** Rules for resending: with DUP, the same message, after a reconnect, in order, and not after the answer. */
export const RESENDING_RULES: readonly LedgerRule[] = [
  {
    id: "dup-on-first-delivery",
    who: "both",
    clauses: {
      "3.1": [],
      "3.1.1": {
        client: ["MQTT-4.3.2-1", "MQTT-4.3.3-1"],
        server: ["MQTT-3.3.1-3", "MQTT-4.3.2-1", "MQTT-4.3.3-1"],
      },
      "5.0": {
        client: ["MQTT-4.3.2-2", "MQTT-4.3.3-2"],
        server: ["MQTT-3.3.1-3", "MQTT-4.3.2-2", "MQTT-4.3.3-2"],
      },
    },
    about: "A message is sent with DUP 0 the first time.",
    needs: "session",
    ...on(["PUBLISH"], (packet, scene) => {
      if (!packet.dup || packet.packetId === undefined || !isFirst(packet, scene)) return undefined;
      const clause = packet.qos === 1 ? "MQTT-4.3.2" : "MQTT-4.3.3";
      const number = scene.connection.version === "5.0" ? 2 : 1;
      return {
        message: `DUP is 1, but no such message was sent before with packet id ${packet.packetId}`,
        clause: scene.by === "client" ? `${clause}-${number}` : undefined,
      };
    }),
  },
  {
    id: "resent-without-dup",
    who: "both",
    clauses: both("MQTT-3.3.1-1"),
    about: "A PUBLISH that is re-sent on the next connection of its session has DUP 1.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const found = repetitionOf(packet, scene);
      if (!found || packet.dup || !found.same || found.here || !scene.connection.accepted) return undefined;
      if (found.before.stage !== "sent" && found.before.stage !== "received") return undefined;
      return {
        message: `The message with packet id ${packet.packetId} is re-sent with DUP 0; DUP must be 1`,
      };
    }),
  },
  {
    id: "resent-with-other-content",
    who: "both",
    clauses: {
      "3.1": [],
      "3.1.1": { client: ["MQTT-2.3.1-3"], server: ["MQTT-2.3.1-4"] },
      "5.0": { client: ["MQTT-2.2.1-3"], server: ["MQTT-2.2.1-4"] },
    },
    about: "A PUBLISH with DUP 1 has the topic, QoS and payload that it had before with its packet id.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const found = repetitionOf(packet, scene);
      if (!found || !packet.dup || found.same || found.before.stage === "done") return undefined;
      return {
        message: `DUP is 1, but the message sent before with packet id ${packet.packetId} differs: ` +
          difference(packet, scene),
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
  {
    id: "resent-in-connection",
    who: "both",
    clauses: only5("MQTT-4.4.0-1"),
    about: "PUBLISH and PUBREL are re-sent only on another connection of the session.",
    needs: "nothing",
    ...on(["PUBLISH", "PUBREL"], (packet, scene) => {
      const again = packet.type === "PUBLISH"
        ? isSentAgainHere(packet, scene)
        : isReleasedAgainHere(packet.packetId, scene);
      if (!again) return undefined;
      return {
        message: `${packet.type} with packet id ${packet.packetId} is re-sent on the same connection`,
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
  {
    id: "publish-after-pubrel",
    who: "both",
    clauses: each(["MQTT-4.3.3-1"], ["MQTT-4.3.3-6"]),
    about: "A QoS 2 PUBLISH is not re-sent after its PUBREL was sent.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const found = repetitionOf(packet, scene);
      if (!found?.same || found.before.releasedOn === undefined) return undefined;
      const open = found.before.stage === "released";
      // The far end may have started another message with this packet id that was lost in transit.
      const over = packet.dup && scene.by === scene.manner.at;
      const again = found.here ? packet.dup && open && scene.connection.version !== "5.0" : open || over;
      if (!again || !scene.connection.accepted) return undefined;
      return {
        message: `PUBLISH with packet id ${packet.packetId} is re-sent after its PUBREL`,
        offset: packetIdAt(packet, scene.size),
      };
    }),
  },
  {
    id: "resent-after-acknowledgement",
    who: "both",
    clauses: only5("MQTT-4.4.0-2", "MQTT-4.4.0-1"),
    about: "A PUBLISH is not re-sent after its PUBACK or PUBREC has arrived.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const found = repetitionOf(packet, scene);
      // The far end may not have received the answer.
      if (!found || !packet.dup || !found.same || found.here || scene.by !== scene.manner.at) {
        return undefined;
      }
      const { stage, releasedOn } = found.before;
      if (stage === "sent" || releasedOn !== undefined) return undefined;
      return {
        message: `PUBLISH with packet id ${packet.packetId} is re-sent after its ${
          packet.qos === 1 ? "PUBACK" : "PUBREC"
        }`,
        offset: packetIdAt(packet, scene.size),
        clause: stage === "received" ? "MQTT-4.4.0-1" : undefined,
      };
    }),
  },
  {
    id: "resent-in-other-order",
    who: "both",
    clauses: { "3.1.1": ["MQTT-4.6.0-1"], "5.0": { client: ["MQTT-4.6.0-1"] } },
    about:
      "Messages are re-sent in the order in which they were first sent; a 3.1.1 server keeps it within a topic and QoS.",
    needs: "connection",
    ...on(["PUBLISH"], (packet, scene) => {
      const { by, connection } = scene;
      const found = repetitionOf(packet, scene);
      if (!found?.same || found.here || found.before.stage === "done") return undefined;
      if (!connection.ordered) return undefined;
      const kind = repeatKind(by, markIn(packet, scene));
      if (kind === undefined || !connection.orders[by].repeats.isPassed(kind, found.before.order)) {
        return undefined;
      }
      return {
        message:
          `The message with packet id ${packet.packetId} is re-sent after one that was first sent later`,
      };
    }),
  },
  {
    id: "session-not-discarded",
    who: "client",
    clauses: each(["MQTT-3.1.2-6"], ["MQTT-3.1.2-4", "MQTT-3.2.2-5"]),
    about:
      "A client does not re-send messages of a session that has ended: after Clean Start 1, and in 5.0 after Session Present 0.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const { connection } = scene;
      if (!packet.dup || packet.packetId === undefined || !connection.connect) return undefined;
      const lapsed = ownFlight(scene)?.lapsed(packet.packetId);
      if (!lapsed || !sameMessage(lapsed, markIn(packet, scene))) return undefined;
      const clean = connection.connect.cleanStart;
      const told = connection.version === "5.0" && connection.fresh && clientKnows(scene);
      if (!clean && !told) return undefined;
      return {
        message: `The message with packet id ${packet.packetId} belongs to a session that has ended: ${
          clean ? "CONNECT has Clean Start 1" : "CONNACK has Session Present 0"
        }`,
        clause: clean ? undefined : "MQTT-3.2.2-5",
      };
    }),
  },
];

/** Whether a PUBLISH with DUP 1 cannot be a repetition of anything. */
function isFirst(packet: PublishPacket, scene: Scene): boolean {
  const { connection, by, manner } = scene;
  const flight = ownFlight(scene);
  if (!flight || packet.packetId === undefined) return false;
  const before = flight.exchange(packet.packetId);
  if (before && (!before.certain || before.stage !== "done")) return false;
  if (before && sameMessage(before.message, markIn(packet, scene))) return false;
  // What the far end sent on an earlier connection may have been lost in transit.
  const knows = connection.fresh || by === manner.at || before?.page === connection.serial;
  if (!knows || flight.lapsed(packet.packetId)) return false;
  // Before 5.0 a client may continue its half of a session that the server has lost.
  return by === "server" || connection.version === "5.0" || connection.connect?.cleanStart === true;
}

function isSentAgainHere(packet: PublishPacket, scene: Scene): boolean {
  const found = repetitionOf(packet, scene);
  return found !== undefined && packet.dup && found.same && found.here;
}

function isReleasedAgainHere(packetId: number, scene: Scene): boolean {
  const flight = ownFlight(scene);
  const before = flight?.exchange(packetId);
  if (!flight || !before?.certain || before.releasedOn !== scene.connection.serial) return false;
  return !flight.awaitsPubrel(packetId);
}

function difference(packet: PublishPacket, scene: Scene): string {
  const before = packet.packetId === undefined
    ? undefined
    : ownFlight(scene)?.exchange(packet.packetId)?.message;
  const now = markIn(packet, scene);
  if (!before || before.qos !== now.qos) return `its QoS was ${before?.qos} and is ${now.qos}`;
  if (before.length !== now.length) {
    return `its payload had ${counted(before.length, "byte")} and has ${now.length}`;
  }
  return before.payload !== now.payload ? "its payload differs" : "its topic differs";
}
