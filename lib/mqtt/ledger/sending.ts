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
