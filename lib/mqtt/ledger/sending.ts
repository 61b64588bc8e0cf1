import type { PublishPacket } from "../packet.ts";
import type { Exchange } from "./flight.ts";
import { markOf, type MessageMark, sameMessage } from "./message_mark.ts";
import { ownFlight, type Scene } from "./rule.ts";

/** The mark of the message that a PUBLISH brings. */
export function markIn(packet: PublishPacket, { connection, by }: Scene): MessageMark {
  return markOf(packet, connection.topicOf(packet, by));
}

/** What a PUBLISH of QoS 1 or 2 is, seen beside the exchange that had its packet id before. */
export interface Repetition {
  readonly before: Exchange;
  /** The message may be the same. */
  readonly same: boolean;
  /** It was sent before on this connection. */
  readonly here: boolean;
}

/**
 * Whether this packet repeats, on its own connection, one that has no answer yet: a PUBLISH with DUP 1 and the same message, or a
 * PUBREL. Before 5.0 its sender may do so at any time.
 */
export function repeatsHere(scene: Scene): boolean {
  const { packet, connection } = scene;
  if (connection.version === "5.0") return false;
  if (packet.type === "PUBLISH") {
    const found = packet.dup ? repetitionOf(packet, scene) : undefined;
    return found !== undefined && found.same && found.here && found.before.stage === "sent";
  }
  if (packet.type !== "PUBREL") return false;
  const flight = ownFlight(scene);
  const before = flight?.open(packet.packetId);
  return before?.stage === "released" && before.releasedOn === connection.serial &&
    !flight?.awaitsPubrel(packet.packetId);
}

/** The exchange that this PUBLISH may repeat; undefined where none had its packet id, or where that is not certain. */
export function repetitionOf(packet: PublishPacket, scene: Scene): Repetition | undefined {
  if (packet.packetId === undefined) return undefined;
  const before = ownFlight(scene)?.exchange(packet.packetId);
  if (!before?.certain) return undefined;
  return {
    before,
    same: sameMessage(before.message, markIn(packet, scene)),
    here: before.page === scene.connection.serial,
  };
}
