import type {
  Packet,
  PublishPacket,
  SubackPacket,
  SubscribePacket,
  UnsubackPacket,
  UnsubscribePacket,
} from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import { type Connection, otherEnd } from "./connection.ts";
import type { Exchange } from "./flight.ts";
import { markOf, type MessageMark, sameMessage } from "./message_mark.ts";
import { numberOf } from "./property_value.ts";
import type { Session } from "./session.ts";

/** A packet and the circumstances of its sending. */
export interface Recorded<P extends Packet = Packet> {
  readonly packet: P;
  readonly by: SenderRole;
  /** The end at which it is observed. */
  readonly at: SenderRole;
  /** The size of the whole packet in bytes. */
  readonly size: number;
  readonly connection: Connection;
  /** Undefined if the connection has no session, or has lost it to another connection. */
  readonly session: Session | undefined;
}

/** The most unanswered requests that are kept; with more, the connection is no longer judged. */
const REQUESTS_KEPT = 1000;

/** The lowest reason code that means a failure. */
export const FAILURE = 0x80;

/** Records what a packet changes on its connection and in its session. Not for CONNECT and CONNACK. */
export function recordPacket(recorded: Recorded): void {
  const { packet, by, connection, session } = recorded;
  switch (packet.type) {
    case "PUBLISH":
      return recordPublish({ ...recorded, packet });
    case "PUBACK":
    case "PUBREC":
    case "PUBREL":
    case "PUBCOMP":
      return recordAnswer(recorded, packet);
    case "SUBSCRIBE":
    case "UNSUBSCRIBE":
      if (by === "client") recordRequest(packet, connection, session);
      return;
    case "SUBACK":
    case "UNSUBACK":
      if (by === "server") recordReply(packet, connection, session);
      return;
    case "PINGREQ":
      if (by === "client") connection.pings++;
      return;
    case "PINGRESP":
      if (by === "server") connection.pings = Math.max(0, connection.pings - 1);
      return;
    case "DISCONNECT":
      connection.left[by] = true;
      return;
    case "CONNECT":
    case "CONNACK":
    case "AUTH":
      return;
  }
}

function recordPublish({ packet, by, size, connection, session }: Recorded<PublishPacket>): void {
  const alias = numberOf(packet.properties, "topicAlias");
  if (alias !== undefined && packet.topic !== "") connection.aliases[by].set(alias, packet.topic);
  const topic = connection.topicOf(packet, by);
  const { packetId, dup } = packet;
  const page = connection.serial;
  const flight = session?.flights[by];
  const message = markOf(packet, topic);
  const before = packetId === undefined ? undefined : flight?.exchange(packetId);
  const again = before !== undefined && sameMessage(before.message, message);
  if (by === "server" && packet.retain && !packet.dup && !again && topic !== undefined) {
    session?.retainedDelivered(topic);
  }
  if (packetId === undefined) return;
  const kind = repeatKind(by, message);
  if (again && before.page !== page && kind !== undefined) {
    connection.orders[by].repeats.passed(kind, before.order);
  }
  // A repetition within the connection is still one message.
  if (again && dup && before.page === page) connection.ordered = false;
  else connection.unacknowledged[by]++;
  const expires = numberOf(packet.properties, "messageExpiryInterval") !== undefined;
  flight?.published({ packetId, message, dup, size, expires, page });
  const answers = connection.orders[otherEnd(by)];
  const first = (packet.qos === 1 ? answers.pubacks : answers.pubrecs).arrived(packetId);
  if (!first) connection.ordered = false;
}

function recordAnswer(
  { by, connection, session, at }: Recorded,
  { type, packetId, reason }: Extract<Packet, { type: "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP" }>,
): void {
  const sender = type === "PUBREL" ? by : otherEnd(by);
  const flight = session?.flights[sender];
  const refused = reason >= FAILURE;
  if (by === "client" && answersThisConnection(type, flight?.exchange(packetId), connection)) {
    connection.connackRead = true;
  }
  if (type === "PUBACK" || type === "PUBCOMP" || (type === "PUBREC" && refused)) {
    // An answer to the far end may complete something still in transit to this end, so the count can fall
    // below 0.
    const least = sender === at ? 0 : -Infinity;
    connection.unacknowledged[sender] = Math.max(least, connection.unacknowledged[sender] - 1);
  }
  const orders = connection.orders[by];
  switch (type) {
    case "PUBACK":
      orders.pubacks.answered(packetId);
      return flight?.acknowledged(packetId);
    case "PUBREC":
      orders.pubrecs.answered(packetId);
      if (!refused) {
        const topic = flight?.exchange(packetId)?.message.topic ?? 0;
        const first = connection.orders[sender].pubrels.arrived(packetId, sender === "client" ? 0 : topic);
        if (!first) connection.ordered = false;
      }
      return flight?.received(packetId, refused);
    case "PUBREL":
      if (flight?.exchange(packetId)?.releasedOn === connection.serial) connection.ordered = false;
      orders.pubrels.answered(packetId);
      return flight?.released(packetId, connection.serial);
    case "PUBCOMP":
      return flight?.completed(packetId);
  }
}

/**
 * Whether a client's answer belongs to a packet of this connection, which means that the client has read the
 * CONNACK.
 */
function answersThisConnection(
  type: string,
  found: Exchange | undefined,
  { serial, connack }: Connection,
): boolean {
  if (!found || !connack || type === "PUBREL") return false;
  return (type === "PUBCOMP" ? found.releasedOn : found.page) === serial;
}

function recordRequest(
  packet: SubscribePacket | UnsubscribePacket,
  connection: Connection,
  session: Session | undefined,
): void {
  const { type, packetId } = packet;
  if (connection.requests.size >= REQUESTS_KEPT) connection.blur("client");
  const before = connection.requests.get(packetId);
  const [doubled, outstanding] = [before !== undefined, (before?.outstanding ?? 0) + 1];
  if (packet.type === "UNSUBSCRIBE") {
    const count = packet.filters.length;
    connection.requests.set(packetId, { type, count, subscriptions: [], doubled, outstanding });
    return;
  }
  const { subscriptions } = packet;
  const count = subscriptions.length;
  connection.requests.set(packetId, { type, count, subscriptions, doubled, outstanding });
  session?.subscriptions.requested(packet, connection.version, connection.serial);
}

function recordReply(
  packet: SubackPacket | UnsubackPacket,
  connection: Connection,
  session: Session | undefined,
): void {
  const request = connection.requests.get(packet.packetId);
  if (!request) return;
  const outstanding = request.outstanding - 1;
  if (outstanding > 0) connection.requests.set(packet.packetId, { ...request, outstanding });
  else connection.requests.delete(packet.packetId);
  if (packet.type === "SUBACK" && request.type === "SUBSCRIBE" && !request.doubled) {
    session?.subscriptions.answered(request.subscriptions, packet);
  }
}

/**
 * Returns the group of messages that keep their order when resent: all of a client's, or those of one topic
 * and QoS of a server's. Returns undefined if the topic is unknown.
 */
export function repeatKind(by: SenderRole, { topic, qos }: MessageMark): number | undefined {
  if (by === "client") return 0;
  return topic === undefined ? undefined : topic * 4 + qos;
}
