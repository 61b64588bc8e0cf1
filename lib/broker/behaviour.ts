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
    /** The version that the CONNACK is written in, where it is not the one of the CONNECT. */
    readonly form?: ProtocolVersion | undefined;
  }
  | { readonly kind: "close" };

/** The side effect of a refused CONNECT. */
export type RefusedEffect =
  | "nothing"
  /** The older connection of its client id is ended. */
  | "takeover"
  /** The session of its client id is dropped. */
  | "clean"
  /** Its will is published. */
  | "will"
  /** The messages that wait for its client id are dropped. */
  | "queue"
  /** The handshakes that its client id has open are forgotten. */
  | "handshakes"
  /** The will that is held back for its client id, and the end of its session, are called off. */
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
  /** It is retained, if it is to be. */
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

/** A packet of an earlier connection that is sent again when its session is resumed. */
export interface Resend {
  readonly type: "PUBLISH" | "PUBREL";
  readonly packetId: number;
  readonly delivery: Delivery;
}

/** The facts by which an incoming QoS 1 or 2 PUBLISH counts as new or as a repetition. */
export interface Incoming {
  readonly qos: QoS;
  readonly dup: boolean;
  readonly packetId: number;
  /** A QoS 2 message with this packet id was received and not released yet. */
  readonly known: boolean;
  readonly session: Session;
}

/**
 * The decisions of the reference broker that can be replaced. {@link "./right.ts"} holds the usual, right answers; a defect
 * replaces one or two of them by wrong ones, a quirk by unusual ones that the standard allows. All other code of
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
  /** A packet to carry out, unanswered, before the connection is ended for a frame that breaks a rule; undefined for none. */
  carriesOut(frame: Frame, version: ProtocolVersion): Packet | undefined;
  /** Whether a packet may come in several segments. */
  joinsSegments: boolean;
  /** Whether a packet that is cut off by the end of the stream counts. */
  readsUnfinished: boolean;
  /** How many bytes are read at a time, at most 8,192. */
  readBytes: number;
  /** The pause in ms between two reads. */
  readGapMs: number;
}

interface Carrying {
  /** The answer to a WebSocket client that offers these subprotocols. [MQTT-6.0.0-3] [MQTT-6.0.0-4] */
  subprotocol(offered: readonly string[]): { readonly status: number; readonly subprotocol?: string };
  /** How the WebSockets of the broker differ from the usual. */
  websocket: WebSocketHabits;
  /** The state that a restarted broker begins with. */
  restores(state: BrokerState): BrokerState;
  /** The time in ms that bytes take to the broker and back. */
  roundTripMs: number;
  /** How long output is gathered before it is written; ms. */
  gathersMs: number;
  /** The pieces in which bytes are written that could go out at once. */
  pieces(bytes: Uint8Array): Iterable<Uint8Array>;
  /** The pause in ms between two pieces. */
  pieceGapMs: number;
  /** A client for which more bytes than this wait is congested: QoS 0 messages are dropped, others wait. */
  congestedBytes: number;
  /** How long a network connection stays open after the broker is done with it; ms. */
  closesAfterMs(cause: CloseCause): number;
  /** Whether a connection that the broker ends is reset. */
  resets: boolean;
}

interface Connecting {
  /** The final answer to a readable CONNECT; `verdict` is the right one. */
  connect(verdict: ConnectVerdict, packet: ConnectPacket): ConnectVerdict;
  /** The final form of an answer that does not accept a CONNECT; `version` is that of the CONNECT. */
  refusal(verdict: ConnectVerdict, version: ProtocolVersion, why: Violation | undefined): ConnectVerdict;
  /** The client id given to a client that sent none; `unique` is one that nobody uses. */
  assignedClientId(unique: string): string;
  /** The name under which the state of a client id is kept. */
  sessionKey(clientId: string): string;
  /** The side effect of a refused CONNECT. */
  refusedEffect: RefusedEffect;
  /** Whether the connection is closed after a CONNACK that refuses. */
  closesAfterRefusal: boolean;
  /** Whether a PUBLISH behind a CONNECT that is refused is carried out. [MQTT-3.1.4-6 of 5.0] */
  servesRefused: boolean;
  /** Whether a 5.0 client that was not accepted gets a DISCONNECT at the end. [MQTT-3.14.0-1 of 5.0] */
  disconnectsUnaccepted: boolean;
  /** Whether a packet ahead of CONNECT, or a second CONNECT, is passed over. */
  passesOver(packet: Packet, connected: boolean): boolean;
  /** Whether unreadable bytes ahead of a CONNECT, or as one, are passed over. */
  ignoresUnreadable: boolean;
  /** Whether a second CONNECT is answered with an accepting CONNACK. */
  answersSecondConnect: boolean;
  /** Whether a new connection with the client id of another ends that one. */
  takesOver: boolean;
  /** Milliseconds of silence after which a client is dropped; Infinity for never. */
  silenceMs(keepAliveSeconds: number): number;
  /** Whether a received packet counts as a sign of life. */
  isSignOfLife(type: PacketType | undefined): boolean;
  /** Whether a packet that the broker sends counts as a sign of life. */
  sentIsSignOfLife: boolean;
  /** Whether DISCONNECT ends the connection. */
  endsOnDisconnect: boolean;
  /** What a DISCONNECT of this reason is taken for. [MQTT-3.14.4-3] */
  disconnectCause(reason: number): CloseCause;
  /**
   * The seconds for which a session is kept whose client asks for `asked` by DISCONNECT, having had `before`; undefined
   * for a wrong wish, which ends the connection.
   */
  disconnectExpiry(asked: number, before: number): number | undefined;
  /** The reason code of the DISCONNECT before a close, in 5.0; undefined for no DISCONNECT. */
  disconnectReason(right: number, cause: CloseCause): number | undefined;
  /** The properties of an accepting CONNACK of 5.0; `right` are those that announce limits. */
  announces(right: readonly Property[], packet: ConnectPacket): readonly Property[];
}

/** Limits and capacities; those of 5.0 are announced in CONNACK, where that has a property for them. */
interface Limiting {
  /** The largest packet in bytes; `configured` is what the broker was started with. */
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
  /** The keep alive in seconds that a 5.0 client has to use instead of its own. */
  serverKeepAlive: number | undefined;
  /** The reason to end a client's connection for a PUBLISH above one of these limits; undefined to take it. */
  excess(right: number | undefined, packet: PublishPacket, session: Session): number | undefined;
  /** Whether a client may use this topic alias; `maximum` is the announced one. [MQTT-3.3.2-9] [MQTT-3.3.2-12] of 5.0 */
  takesAlias(alias: number, maximum: number): boolean;
  /** Whether a wrong topic alias ends the connection; otherwise its message is dropped. [MQTT-4.13.1-1 of 5.0] */
  endsForAlias: boolean;
  /** The topic aliases of a connection that begins; `own` are new ones. [MQTT-3.3.2-7] of 5.0 */
  topicAliases(own: TopicAliases, session: Session): TopicAliases;
  /** Seconds for which a session is kept after the close; `asked` is the client's wish. */
  sessionExpirySeconds(asked: number, version: ProtocolVersion): number;
  /** What becomes of a message at this topic name: undefined means that it is taken. */
  refusesTopic(topic: string): "drop" | "close" | undefined;
  /** The 5.0 reason code by which a filter is refused, undefined where it is granted; `place` is its place in the packet. */
  refusesFilter(filter: string, place: number): number | undefined;
  /** The side effect of a message at a topic name that is refused. */
  refusedMessageEffect: RefusedMessageEffect;
  /** The side effect of a filter that is refused. */
  refusedFilterEffect: RefusedFilterEffect;
  /** How many subscriptions a session may have. */
  mostSubscriptions(configured: number): number;
  /** How many messages may wait for a client. */
  mostQueued(configured: number): number;
  /** Which message is dropped where too many wait. */
  whenQueueFull: "drop-newest" | "drop-oldest";
  /** How many retained messages are kept. */
  mostRetained(configured: number): number;
}

interface Keeping {
  /** Whether stored state is resumed by this connection. */
  resumes(cleanStart: boolean): boolean;
  /** The Session Present flag of an accepting CONNACK. */
  sessionPresent(resumed: boolean): boolean;
  /** Seconds for which a session is kept after a close of this cause. */
  keptSeconds(asked: number, cause: CloseCause): number;
  /** Called when a client gets its session, a new one or a resumed one, before CONNACK. */
  onOpen(session: Session): void;
  /** Called when a session is stored; `drop` removes one of its subscriptions. */
  onStore(session: Session, drop: (filter: string) => void): void;
  /** The packets to send again when a session is resumed, in order; `due` is the right list. */
  resends(due: readonly Resend[]): readonly Resend[];
  /** Whether waiting messages are sent ahead of CONNACK. */
  connackLate: boolean;
  /** The packet id to try next after `last`; `tries` counts those that were in use. */
  nextPacketId(last: number, tries: number): number;

  /** Whether a will is published after a close of this cause. */
  publishesWill(cause: CloseCause): boolean;
  /** The messages that are published as the will. */
  wills(message: Message): readonly Message[];
  /** Seconds for which a will is held back. */
  willDelaySeconds(asked: number): number;
  /** How much later than due a will is published; ms. */
  willLateMs: number;
  /** What becomes of a will that is held back when its session ends. [MQTT-3.1.2-8 of 5.0] */
  willAtSessionEnd: "publish" | "drop" | "wait";
  /** The close from which the life of a session without connection is counted; "first" also lets it end while connected. */
  sessionTimer: "last" | "first";
  /** Whether a will that is held back is called off when its session is resumed. [MQTT-3.1.3-9 of 5.0] */
  callsOffWill: boolean;
  /** Whether the will is forgotten once the connection is over. */
  forgetsWill: boolean;
}

interface Publishing {
  /** Whether an incoming QoS 1 or 2 PUBLISH is a new message that goes to subscribers. */
  isNew(incoming: Incoming): boolean;
  /** Whether a QoS 2 message is handed on when it is released, and not when it comes. */
  deliversAtPubrel: boolean;
  /** Whether a PUBLISH is acknowledged before its message is handed on. */
  acknowledgesFirst: boolean;
  /** The reason code of the acknowledgement of a message that reached so many subscriptions. */
  publishReason(reached: number): number;
  /** Whether a PUBREL frees its packet id; `again` means that the id was free already. */
  onPubrel(again: boolean): { readonly frees: boolean; readonly publishesAgain: boolean };
  /** What a message does to the retained message of its topic. */
  retains(message: Message, before: Message | undefined): "store" | "clear" | "nothing";
  /** The message as it is kept. */
  retained(message: Message): Message;
  /** What the broker says of itself below `$SYS/`, as retained messages. [MQTT-4.7.2-1] */
  aboutItself: readonly (readonly [topic: string, text: string])[];
  /** The period in ms in which the topics below `$SYS/` are published anew; Infinity for never. */
  aboutItselfEveryMs: number;

  /** Whether a message that has expired is dropped where it waits. [MQTT-3.3.2-5 of 5.0] */
  dropsExpired(where: "queue" | "store"): boolean;
  /** Whether a message that expires in the queue leaves its place to the next one. */
  expiredMakesRoom: boolean;
  /** The Message Expiry Interval of a delivery; `right` is what is left of it. [MQTT-3.3.2-6 of 5.0] */
  secondsLeft(right: number, delivery: Delivery): number;

  /** The properties of a PUBLISH that subscribers get; `all` are those that it came with. [MQTT-3.3.2-4 and more of 5.0] */
  passesOn(right: readonly Property[], all: readonly Property[]): readonly Property[];

  /** The QoS that is granted to a subscription; `asked` is no more than {@link Limiting.maximumQos}, `wished` may be. */
  granted(asked: QoS, wished: QoS): QoS;
  /** The subscription identifier of a subscription; `before` is the one that it replaces. */
  identifier(asked: number | undefined, filter: string, before: Held | undefined): number | undefined;
  /** The subscriptions of one SUBSCRIBE that are carried out. */
  subscribesTo<T>(subscriptions: readonly T[]): readonly T[];
  /** Whether a subscription replaces one with the same filter. [MQTT-3.8.4-3] */
  replacesSubscription: boolean;
  /** Whether SUBACK is sent ahead of the retained messages. */
  subackFirst: boolean;
  /** Whether retained messages are sent for a subscription; `handling` is Retain Handling, 0 in 3.x. */
  sendsRetained(handling: 0 | 1 | 2, existed: boolean): boolean;
  /** The order in which retained messages are sent for a subscription. */
  retainedOrder(messages: readonly Message[]): readonly Message[];
  /** The options of a filter that are carried out; `before` is the subscription that it replaces. [MQTT-3.8.4-3] */
  options(asked: Subscription, before: Held | undefined, packet: SubscribePacket): Subscription;
  /**
   * Whether a subscription keeps a message of its own client from it; `matching` are all of that client that match.
   * [MQTT-3.8.3-3 of 5.0]
   */
  noLocal(held: Held, message: Message, matching: readonly Held[]): boolean;
  /** Whether No Local also holds for retained messages. */
  noLocalForRetained: boolean;
  /** The filters of a session that an UNSUBSCRIBE removes. */
  unsubscribes(filters: readonly string[], held: readonly string[]): readonly string[];
  /** Whether deliveries that were started are completed after UNSUBSCRIBE. [MQTT-3.10.4-3] */
  unsubscribeKeepsInFlight: boolean;
  /** Whether an UNSUBSCRIBE that removes nothing is answered. [MQTT-3.10.4-5] */
  answersVainUnsubscribe: boolean;
  /** Whether PUBREC is answered though nothing with its packet id is in flight. */
  answersUnknownPubrec: boolean;
  /** What the answer of a client does to the delivery of its packet id. [MQTT-4.4.0-2] [MQTT-4.9.0-2] of 5.0 */
  answered(type: "PUBACK" | "PUBREC" | "PUBCOMP", reason: number): AnswerEffect;
  /** Called when a client refuses a delivery by PUBACK or PUBREC; a right broker discards it. [MQTT-4.8.2-6 of 5.0] */
  onRefused(delivery: Delivery, session: Session): void;
  /** Whether a client that may be sent no more QoS 1 and 2 messages is served otherwise. [MQTT-4.9.0-3 of 5.0] */
  servesAtFullWindow: boolean;
}

interface Writing {
  /** The subscriptions of one session that lead to deliveries, each list to one. */
  copies(matching: readonly Held[]): readonly (readonly Held[])[];
  /** The members of a shared subscription that get the next message, of which there is one; `turn` counts the messages. */
  sharedMembers(members: readonly Held[], turn: number): readonly Held[];
  /** The QoS of a delivery. */
  deliveryQos(published: QoS, granted: readonly QoS[]): QoS;
  /** The subscription identifiers of a delivery for these subscriptions. [MQTT-3.3.4-3] to [MQTT-3.3.4-5] of 5.0 */
  identifiers(held: readonly Held[], from: "live" | "store"): readonly number[];
  /** Whether a subscription gets a live message with the RETAIN flag of its publisher. [MQTT-3.3.1-13 of 5.0] */
  retainAsPublished(held: Held, message: Message): boolean;
  /** The RETAIN flag of a delivery. */
  retainFlag(flag: boolean, from: "live" | "store"): boolean;
  /** The deliveries that reach a session instead of one. */
  deliveries(delivery: Delivery, session: Session): readonly Delivery[];
  /** Whether a delivery to a session without connection is kept. */
  keepsOffline(delivery: Delivery, session: Session): boolean;
  /** How many QoS 1 and 2 messages may be in flight to a client. */
  window(receiveMaximum: number): number;
  /** What becomes of a QoS 0 message while as many others are in flight as may be. */
  qos0WhenFull: "send" | "wait" | "drop";
  /** The DUP flag of a delivery. */
  dup(right: boolean, delivery: Delivery): boolean;
  /** The packet id of a delivery. */
  packetId(right: number): number;
  /** The period in ms in which unacknowledged messages are sent again on the same connection; Infinity for never. */
  resendsEveryMs(version: ProtocolVersion): number;
  /** Whether topic aliases are used for 5.0 clients that take them. */
  usesAliases: boolean;

  /** Reason string and user properties that the broker adds to a packet of 5.0 where the client allows it. */
  remarks(packet: Draft): readonly Property[];
  /** The largest packet that is sent to a client of 5.0; `most` is its Maximum Packet Size. [MQTT-3.1.2-24 of 5.0] */
  sendsUpTo(most: number): number;
  /** What goes on the wire instead of one packet. */
  outgoing(packet: Draft, version: ProtocolVersion): readonly Draft[];
  /** How long a packet is held back; ms. Packets with a shorter time overtake it, but nothing overtakes CONNACK. */
  holdMs(packet: Draft): number;
}
