import type { PublishPacket } from "../packet.ts";
import type { Exchange } from "./flight.ts";
import { markOf, type MessageMark, sameMessage } from "./message_mark.ts";
import { ownFlight, type Scene } from "./rule.ts";

/** Returns the mark of the message in a PUBLISH. */
export function markIn(packet: PublishPacket, { connection, by }: Scene): MessageMark {
  return markOf(packet, connection.topicOf(packet, by));
}

/** How a PUBLISH of QoS 1 or 2 relates to the earlier exchange with its packet id. */
export interface Repetition {
  readonly before: Exchange;
  /** Whether the message may be the same. */
  readonly same: boolean;
  /** Whether it was sent before on this connection. */
  readonly here: boolean;
}

/**
 * Whether this packet repeats an unanswered one on its own connection: a PUBLISH with DUP 1 and the same
 * message, or a PUBREL. Before 5.0 its sender may do so at any time.
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

/**
 * Returns the exchange that this PUBLISH may repeat, or undefined if none had its packet id or that is
 * uncertain.
 */
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
