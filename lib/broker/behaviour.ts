import type { Frame, MalformedFrame, Violation } from "../mqtt/frame.ts";
import type {
  ConnectPacket,
  Draft,
  Packet,
  PacketType,
  Property,
  ProtocolVersion,
  PublishPacket,
  QoS,
  SubscribePacket,
  Subscription,
} from "../mqtt/packet.ts";
import type { WebSocketHabits } from "../transport/websocket.ts";
import type { TopicAliases } from "./aliases.ts";
import type { Authenticating } from "./authenticating.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import type { Held, Session } from "./session.ts";
import type { BrokerState } from "./state.ts";

/** The answer to a CONNECT: accepted, refused by a CONNACK with `reason` and closed, or closed without an answer. */
export type ConnectVerdict =
  | { readonly kind: "accept" }
  | {
    readonly kind: "refuse";
    readonly reason: number;
    /** The version in which the CONNACK is written, if not that of the CONNECT. */
    readonly form?: ProtocolVersion | undefined;
  }
  | { readonly kind: "close" };

/** The side effect of a refused CONNECT. */
export type RefusedEffect =
  | "nothing"
  /** The older connection with its client id ends. */
  | "takeover"
  /** The session of its client id is dropped. */
  | "clean"
  /** Its will is published. */
  | "will"
  /** The messages that wait for its client id are dropped. */
  | "queue"
  /** The handshakes that its client id has open are forgotten. */
  | "handshakes"
  /** The delayed will of its client id, and the scheduled end of its session, are cancelled. */
  | "timers";

/** The side effect of a refused filter of a SUBSCRIBE. */
export type RefusedFilterEffect =
  | "nothing"
  /** Its retained messages are sent. */
  | "retained"
  /** It is subscribed to. */
  | "subscription";

/** The side effect of a refused message. */
export type RefusedMessageEffect =
  | "nothing"
  /** It is delivered. */
  | "delivery"
  /** It is retained if it has RETAIN 1. */
  | "retention";

/** The effect of a PUBACK, PUBREC or PUBCOMP of a client. */
export type AnswerEffect =
  /** The delivery is over, and makes room for another one. */
  | "done"
  /** The handshake goes on with PUBREL. */
  | "goes-on"
  | "nothing"
  /** The delivery is over, and its place in the client's Receive Maximum is never free again. */
  | "keeps-its-place";

/** A packet of an earlier connection that the broker sends again when it resumes the session. */
export interface Resend {
  readonly type: "PUBLISH" | "PUBREL";
  readonly packetId: number;
  readonly delivery: Delivery;
}

/** The facts that decide whether an incoming QoS 1 or 2 PUBLISH is new or a repetition. */
export interface Incoming {
  readonly qos: QoS;
  readonly dup: boolean;
  readonly packetId: number;
  /** Whether a QoS 2 message with this packet id was received and has not been released. */
  readonly known: boolean;
  readonly session: Session;
}

/**
 * The decisions of the reference broker that can be replaced. {@link "./right.ts"} holds the usual, correct ones. A defect
 * replaces one or two of them with wrong ones, a quirk with unusual ones that the standard allows. All other code in
 * this folder follows the standard unconditionally.
 */
export interface BrokerBehaviour
  extends Reading, Carrying, Connecting, Authenticating, Limiting, Keeping, Publishing, Writing {
  /** Whether a filter matches a topic name. */
  matches(filter: string, topic: string): boolean;
}

interface Reading {
  /** Whether a packet that breaks an encoding rule is handled as if it did not. */
  tolerates(violation: Violation, type: PacketType | undefined): boolean;
  /** A packet to read instead of an unreadable one; undefined for none. */
  repairs(frame: MalformedFrame): Uint8Array | undefined;
  /** The topic name or filter that the broker works with. */
  topicText(text: string): string;
  /** How many packets of one segment are read; the others are lost. */
  packetsPerSegment: number;
  /** A packet to execute without an answer before the connection ends because of a frame that breaks a rule; undefined for none. */
  carriesOut(frame: Frame, version: ProtocolVersion): Packet | undefined;
  /** Whether a packet may arrive in several segments. */
  joinsSegments: boolean;
  /** Whether the broker executes a packet that the end of the stream has truncated. */
  readsUnfinished: boolean;
  /** How many bytes are read at a time, at most 8,192. */
  readBytes: number;
  /** The pause in ms between two reads. */
  readGapMs: number;
}

interface Carrying {
  /** The answer to a WebSocket client that offers these subprotocols. [MQTT-6.0.0-3] [MQTT-6.0.0-4] */
  subprotocol(offered: readonly string[]): { readonly status: number; readonly subprotocol?: string };
  /** How the WebSockets of the broker differ from usual ones. */
  websocket: WebSocketHabits;
  /** The state with which a restarted broker begins. */
  restores(state: BrokerState): BrokerState;
  /** The round trip of bytes to the broker and back; ms. */
  roundTripMs: number;
  /** How long the broker collects output before it writes; ms. */
  gathersMs: number;
  /** The pieces in which the broker writes bytes that could be written at once. */
  pieces(bytes: Uint8Array): Iterable<Uint8Array>;
  /** The pause in ms between two pieces. */
  pieceGapMs: number;
  /** A client with more waiting bytes than this is congested: QoS 0 messages are dropped, others wait. */
  congestedBytes: number;
  /** How long a network connection stays open after the broker has ended it; ms. */
  closesAfterMs(cause: CloseCause): number;
  /** Whether the broker resets connections that it ends. */
  resets: boolean;
}

interface Connecting {
  /** The final answer to a readable CONNECT; `verdict` is the correct answer. */
  connect(verdict: ConnectVerdict, packet: ConnectPacket): ConnectVerdict;
  /** The final form of an answer that does not accept a CONNECT; `version` is that of the CONNECT. */
  refusal(verdict: ConnectVerdict, version: ProtocolVersion, why: Violation | undefined): ConnectVerdict;
  /** The client id assigned to a client that sent none; `unique` is one that no other client uses. */
  assignedClientId(unique: string): string;
  /** The key under which the broker stores the state of a client id. */
  sessionKey(clientId: string): string;
  /** The side effect of a refused CONNECT. */
  refusedEffect: RefusedEffect;
  /** Whether the connection is closed after a CONNACK that refuses. */
  closesAfterRefusal: boolean;
  /** Whether the broker executes a PUBLISH after a refused CONNECT. [MQTT-3.1.4-6 of 5.0] */
  servesRefused: boolean;
  /** Whether the broker sends a DISCONNECT to a 5.0 client that it did not accept. [MQTT-3.14.0-1 of 5.0] */
  disconnectsUnaccepted: boolean;
  /** Whether the broker ignores a packet before CONNECT, or a second CONNECT. */
  passesOver(packet: Packet, connected: boolean): boolean;
  /** Whether the broker ignores unreadable bytes before a CONNECT, or an unreadable CONNECT. */
  ignoresUnreadable: boolean;
  /** Whether a second CONNECT is answered with an accepting CONNACK. */
  answersSecondConnect: boolean;
  /** Whether a new connection ends an older one with the same client id. */
  takesOver: boolean;
  /** Milliseconds of silence after which the broker drops a client; Infinity for never. */
  silenceMs(keepAliveSeconds: number): number;
  /** Whether a received packet counts as a sign of life. */
  isSignOfLife(type: PacketType | undefined): boolean;
  /** Whether a packet that the broker sends counts as a sign of life. */
  sentIsSignOfLife: boolean;
  /** Whether DISCONNECT ends the connection. */
  endsOnDisconnect: boolean;
  /** The cause of the close after a DISCONNECT with this reason. [MQTT-3.14.4-3] */
  disconnectCause(reason: number): CloseCause;
  /**
   * How many seconds to keep the session of a client that asks for `asked` in DISCONNECT and had `before`; undefined
   * for an invalid value, which ends the connection.
   */
  disconnectExpiry(asked: number, before: number): number | undefined;
  /** The reason code of the DISCONNECT before a close, in 5.0; undefined for no DISCONNECT. */
  disconnectReason(right: number, cause: CloseCause): number | undefined;
  /** The properties of an accepting CONNACK of 5.0; `right` announces the limits. */
  announces(right: readonly Property[], packet: ConnectPacket): readonly Property[];
}

/** Limits and capacities. In 5.0, CONNACK announces those for which it has a property. */
interface Limiting {
  /** The largest packet in bytes; `configured` is the value with which the broker was started. */
  maximumPacketSize(configured: number, version: ProtocolVersion): number;
  /** The highest topic alias of a 5.0 client. */
  topicAliasMaximum(configured: number): number;
  /** How many QoS 1 and 2 messages a client may send before one is acknowledged. */
  receiveMaximum(version: ProtocolVersion): number;
  /** The highest QoS that 5.0 clients may use. */
  maximumQos: QoS;
  /** Whether 5.0 clients may send messages with RETAIN 1. */
  retainAvailable: boolean;
  /** Whether 5.0 clients may use wildcards. */
  wildcardsAvailable: boolean;
  /** Whether 5.0 clients may give subscription identifiers. */
  identifiersAvailable: boolean;
  /** Whether 5.0 clients may use shared subscriptions. */
  sharedAvailable: boolean;
  /** The keep alive in seconds that a 5.0 client must use instead of its own. */
  serverKeepAlive: number | undefined;
  /** The reason code for ending a connection because of a PUBLISH above one of these limits; undefined to accept it. */
  excess(right: number | undefined, packet: PublishPacket, session: Session): number | undefined;
  /** Whether a client may use this topic alias; `maximum` is the announced one. [MQTT-3.3.2-9] [MQTT-3.3.2-12] of 5.0 */
  takesAlias(alias: number, maximum: number): boolean;
  /** Whether a wrong topic alias ends the connection; otherwise its message is dropped. [MQTT-4.13.1-1 of 5.0] */
  endsForAlias: boolean;
  /** The topic aliases of a new connection; `own` is an empty set of its own. [MQTT-3.3.2-7] of 5.0 */
  topicAliases(own: TopicAliases, session: Session): TopicAliases;
  /** Seconds for which the broker keeps a session after the close; `asked` is the client's value. */
  sessionExpirySeconds(asked: number, version: ProtocolVersion): number;
  /** What the broker does with a message at this topic name; undefined accepts it. */
  refusesTopic(topic: string): "drop" | "close" | undefined;
  /** The 5.0 reason code that refuses a filter; undefined grants it. `place` is the filter's place in the packet. */
  refusesFilter(filter: string, place: number): number | undefined;
  /** The side effect of a message at a refused topic name. */
  refusedMessageEffect: RefusedMessageEffect;
  /** The side effect of a refused filter. */
  refusedFilterEffect: RefusedFilterEffect;
  /** How many subscriptions a session may have. */
  mostSubscriptions(configured: number): number;
  /** How many messages may wait for a client. */
  mostQueued(configured: number): number;
  /** Which message is dropped if too many wait. */
  whenQueueFull: "drop-newest" | "drop-oldest";
  /** How many retained messages are kept. */
  mostRetained(configured: number): number;
}

interface Keeping {
  /** Whether stored state is resumed by this connection. */
  resumes(cleanStart: boolean): boolean;
  /** The Session Present flag of an accepting CONNACK. */
  sessionPresent(resumed: boolean): boolean;
  /** Seconds for which the broker keeps a session after a close with this cause. */
  keptSeconds(asked: number, cause: CloseCause): number;
  /** Called before CONNACK, when a client gets its session, new or resumed. */
  onOpen(session: Session): void;
  /** Called when a session is stored; `drop` removes one of its subscriptions. */
  onStore(session: Session, drop: (filter: string) => void): void;
  /** The packets to send again when the broker resumes a session, in order; `due` is the correct list. */
  resends(due: readonly Resend[]): readonly Resend[];
  /** Whether the broker sends waiting messages before CONNACK. */
  connackLate: boolean;
  /** Whether the broker treats a CONNACK that is too large for its client as sent, drops it, and keeps the connection. */
  dropsLargeConnack: boolean;
  /** The packet id to try after `last`; `tries` counts the tried ids that were in use. */
  nextPacketId(last: number, tries: number): number;

  /** Whether the broker publishes a will after a close with this cause. */
  publishesWill(cause: CloseCause): boolean;
  /** The messages to publish as the will. */
  wills(message: Message): readonly Message[];
  /** Seconds by which a will is delayed. */
  willDelaySeconds(asked: number): number;
  /** How long after its time the broker publishes a will; ms. */
  willLateMs: number;
  /** What the broker does with a delayed will when its session ends. [MQTT-3.1.2-8 of 5.0] */
  willAtSessionEnd: "publish" | "drop" | "wait";
  /** The close from which a session's expiry is counted; with "first" the session can also expire while connected. */
  sessionTimer: "last" | "first";
  /** Whether a delayed will is cancelled when its session is resumed. [MQTT-3.1.3-9 of 5.0] */
  callsOffWill: boolean;
  /** Whether the broker forgets the will after the end of the connection. */
  forgetsWill: boolean;
}

interface Publishing {
  /** Whether an incoming QoS 1 or 2 PUBLISH is a new message for subscribers. */
  isNew(incoming: Incoming): boolean;
  /** Whether the broker forwards a QoS 2 message at its PUBREL, not when it arrives. */
  deliversAtPubrel: boolean;
  /** Whether the broker acknowledges a PUBLISH before it forwards the message. */
  acknowledgesFirst: boolean;
  /** The reason code that acknowledges a message that reached this many subscriptions. */
  publishReason(reached: number): number;
  /** Whether a PUBREL frees its packet id; `again` means that the id was already free. */
  onPubrel(again: boolean): { readonly frees: boolean; readonly publishesAgain: boolean };
  /** The effect of a message on the retained message of its topic. */
  retains(message: Message, before: Message | undefined): "store" | "clear" | "nothing";
  /** The message as the broker stores it. */
  retained(message: Message): Message;
  /** What the broker publishes about itself below `$SYS/`, as retained messages. [MQTT-4.7.2-1] */
  aboutItself: readonly (readonly [topic: string, text: string])[];
  /** The period in which the topics below `$SYS/` are published again; ms, Infinity for never. */
  aboutItselfEveryMs: number;

  /** Whether the broker drops an expired message from the queue. [MQTT-3.3.2-5 of 5.0] */
  dropsExpired(where: "queue" | "store"): boolean;
  /** Whether a message that expires in the queue frees its place for the next one. */
  expiredMakesRoom: boolean;
  /** The Message Expiry Interval of a delivery; `right` is the remaining time. [MQTT-3.3.2-6 of 5.0] */
  secondsLeft(right: number, delivery: Delivery): number;

  /** The properties of a PUBLISH that subscribers receive; `all` are those that it arrived with. [MQTT-3.3.2-4 and more of 5.0] */
  passesOn(right: readonly Property[], all: readonly Property[]): readonly Property[];

  /** The QoS granted to a subscription. `wished` is the client's value; `asked` is the same, capped at {@link Limiting.maximumQos}. */
  granted(asked: QoS, wished: QoS): QoS;
  /** The subscription identifier of a subscription; `before` is the replaced one. */
  identifier(asked: number | undefined, filter: string, before: Held | undefined): number | undefined;
  /** The subscriptions of one SUBSCRIBE that the broker executes. */
  subscribesTo<T>(subscriptions: readonly T[]): readonly T[];
  /** Whether a subscription replaces one with the same filter. [MQTT-3.8.4-3] */
  replacesSubscription: boolean;
  /** Whether the broker sends SUBACK before the retained messages. */
  subackFirst: boolean;
  /** Whether the broker sends retained messages for a subscription; `handling` is Retain Handling, 0 in 3.x. */
  sendsRetained(handling: 0 | 1 | 2, existed: boolean): boolean;
  /** The order in which retained messages are sent for a subscription. */
  retainedOrder(messages: readonly Message[]): readonly Message[];
  /** The options of a filter that the broker applies; `before` is the subscription that it replaces. [MQTT-3.8.4-3] */
  options(asked: Subscription, before: Held | undefined, packet: SubscribePacket): Subscription;
  /**
   * Whether No Local suppresses a client's own message for a subscription; `matching` are all subscriptions of that client that
   * match. [MQTT-3.8.3-3 of 5.0]
   */
  noLocal(held: Held, message: Message, matching: readonly Held[]): boolean;
  /** Whether No Local also applies to retained messages. */
  noLocalForRetained: boolean;
  /** The filters of a session that an UNSUBSCRIBE removes. */
  unsubscribes(filters: readonly string[], held: readonly string[]): readonly string[];
  /** Whether deliveries that were started are completed after UNSUBSCRIBE. [MQTT-3.10.4-3] */
  unsubscribeKeepsInFlight: boolean;
  /** Whether an UNSUBSCRIBE that removes nothing is answered. [MQTT-3.10.4-5] */
  answersVainUnsubscribe: boolean;
  /** Whether the broker answers a PUBREC although nothing with its packet id is in flight. */
  answersUnknownPubrec: boolean;
  /** The effect of a client's answer on the delivery of its packet id. [MQTT-4.4.0-2] [MQTT-4.9.0-2] of 5.0 */
  answered(type: "PUBACK" | "PUBREC" | "PUBCOMP", reason: number): AnswerEffect;
  /** Called when a client refuses a delivery by PUBACK or PUBREC; a correct broker discards it. [MQTT-4.8.2-6 of 5.0] */
  onRefused(delivery: Delivery, session: Session): void;
  /** Whether the broker still serves a client to which it may send no more QoS 1 and 2 messages. [MQTT-4.9.0-3 of 5.0] */
  servesAtFullWindow: boolean;
}

interface Writing {
  /** The subscriptions of one session that lead to deliveries: one delivery for each list. */
  copies(matching: readonly Held[]): readonly (readonly Held[])[];
  /** The members of a shared subscription that get the next message, normally one; `turn` counts the messages. */
  sharedMembers(members: readonly Held[], turn: number): readonly Held[];
  /** The QoS of a delivery. */
  deliveryQos(published: QoS, granted: readonly QoS[]): QoS;
  /** The subscription identifiers of a delivery for these subscriptions. [MQTT-3.3.4-3] to [MQTT-3.3.4-5] of 5.0 */
  identifiers(held: readonly Held[], from: "live" | "store"): readonly number[];
  /** Whether a subscription gets a live message with the RETAIN flag of its publisher. [MQTT-3.3.1-13 of 5.0] */
  retainAsPublished(held: Held, message: Message): boolean;
  /** The RETAIN flag of a delivery. */
  retainFlag(flag: boolean, from: "live" | "store"): boolean;
  /** The deliveries that a session receives instead of one. */
  deliveries(delivery: Delivery, session: Session): readonly Delivery[];
  /** Whether the broker keeps a delivery for a session without a connection. */
  keepsOffline(delivery: Delivery, session: Session): boolean;
  /** How many QoS 1 and 2 messages may be in flight to a client. */
  window(receiveMaximum: number): number;
  /** What the broker does with a QoS 0 message while the limit of messages in flight is reached. */
  qos0WhenFull: "send" | "wait" | "drop";
  /** The DUP flag of a delivery. */
  dup(right: boolean, delivery: Delivery): boolean;
  /** The packet id of a delivery. */
  packetId(right: number): number;
  /** The period in which unacknowledged messages are sent again on the same connection; ms, Infinity for never. */
  resendsEveryMs(version: ProtocolVersion): number;
  /** Whether the broker uses topic aliases for 5.0 clients that accept them. */
  usesAliases: boolean;

  /** Reason string and user properties that the broker adds to a packet of 5.0 if the client allows it. */
  remarks(packet: Draft): readonly Property[];
  /** The largest packet to send to a client of 5.0; `most` is its Maximum Packet Size. [MQTT-3.1.2-24 of 5.0] */
  sendsUpTo(most: number): number;
  /** What goes on the wire instead of one packet. */
  outgoing(packet: Draft, version: ProtocolVersion): readonly Draft[];
  /** How long a packet is delayed; ms. Packets with a shorter delay overtake it, but nothing overtakes CONNACK. */
  holdMs(packet: Draft): number;
}
