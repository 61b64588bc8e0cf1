import type { MalformedFrame, Violation } from "../mqtt/frame.ts";
import type { ConnectPacket, Draft, Packet, PacketType, ProtocolVersion, QoS } from "../mqtt/packet.ts";
import { matches } from "../mqtt/topic.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import { chooseMqtt } from "../transport/listen.ts";
import type { WebSocketFaults } from "../transport/websocket.ts";
import type { Held, Session } from "./session.ts";
import type { BrokerState } from "./state.ts";

/** What becomes of a CONNECT: taken, answered by a CONNACK with `reason` and closed, or closed without an answer. */
export type ConnectVerdict =
  | { readonly kind: "accept" }
  | { readonly kind: "refuse"; readonly reason: number }
  | { readonly kind: "close" };

/** What a CONNECT that is refused leaves behind. */
export type RefusedEffect =
  | "nothing"
  /** The older connection of its client id is ended. */
  | "takeover"
  /** The session of its client id is dropped. */
  | "clean"
  /** Its will is published. */
  | "will";

/** A packet of an earlier connection that is sent again when its session goes on. */
export interface Resend {
  readonly type: "PUBLISH" | "PUBREL";
  readonly packetId: number;
  readonly delivery: Delivery;
}

/** What is known of an incoming QoS 1 or 2 PUBLISH when it is decided whether it is new. */
export interface Incoming {
  readonly qos: QoS;
  readonly dup: boolean;
  readonly packetId: number;
  /** A QoS 2 message with this packet id was taken and not released yet. */
  readonly known: boolean;
  readonly session: Session;
}

/**
 * The decisions in which a broker can be right or wrong. {@link RIGHT} holds the standard's answers; a defect puts a
 * wrong one in the place of one or two of them. All else in this folder follows the standard unconditionally.
 */
export interface Behaviour {
  // Reading
  /** Whether a packet that breaks an encoding rule is handled as if it did not. */
  tolerates(violation: Violation, type: PacketType | undefined): boolean;
  /** A packet to be read in the place of one that cannot be; undefined for none. */
  repairs(frame: MalformedFrame): Uint8Array | undefined;
  /** The topic name or filter that the broker works with. */
  topicText(text: string): string;
  /** How many packets of one segment are read; the others are lost. */
  packetsPerSegment: number;
  /** Whether a packet may come in several segments. */
  joinsSegments: boolean;
  /** Whether a packet that is cut off by the end of the stream counts. */
  readsUnfinished: boolean;

  // Carrying
  /** The answer to a WebSocket client that offers these subprotocols. [MQTT-6.0.0-3] [MQTT-6.0.0-4] */
  subprotocol(offered: readonly string[]): { readonly status: number; readonly subprotocol?: string };
  /** In what its WebSockets differ from right ones. */
  websocket: WebSocketFaults;
  /** What a broker that is started again begins with. */
  restores(state: BrokerState): BrokerState;

  // Connecting
  /** The last word on a CONNECT; `verdict` is the standard's. */
  connect(verdict: ConnectVerdict, packet: ConnectPacket): ConnectVerdict;
  /** The client id given to a client that sent none; `unique` is one that nobody uses. */
  assignedClientId(unique: string): string;
  /** The name under which the state of a client id is kept. */
  sessionKey(clientId: string): string;
  /** What a CONNECT does that is refused. */
  refusedEffect: RefusedEffect;
  /** Whether the connection is closed after a CONNACK that refuses. */
  closesAfterRefusal: boolean;
  /** Whether a packet ahead of CONNECT, or a second CONNECT, is passed over. */
  passesOver(packet: Packet, connected: boolean): boolean;
  /** Whether what can't be read ahead of a CONNECT, or as one, is passed over. */
  ignoresUnreadable: boolean;
  /** Whether a second CONNECT is answered as if all were well. */
  answersSecondConnect: boolean;
  /** Whether a new connection with the client id of another ends that one. */
  takesOver: boolean;
  /** Milliseconds of silence after which a client is dropped; Infinity for never. */
  silenceMs(keepAliveSeconds: number): number;
  /** Whether a received packet counts as a sign of life. */
  isSignOfLife(type: PacketType | undefined): boolean;
  /** Whether a packet that the broker sends counts as one too. */
  sentIsSignOfLife: boolean;
  /** Whether DISCONNECT ends the connection. */
  endsOnDisconnect: boolean;

  // Sessions
  /** Whether stored state goes on with this connection. */
  resumes(cleanStart: boolean): boolean;
  /** The Session Present flag of an accepting CONNACK. */
  sessionPresent(resumed: boolean): boolean;
  /** Seconds for which a session is kept after a close of this cause. */
  keptSeconds(asked: number, cause: CloseCause): number;
  /** Called when a session goes into storage; `drop` removes one of its subscriptions. */
  onStore(session: Session, drop: (filter: string) => void): void;
  /** What to send again when a session goes on, in order; `due` is the right list. */
  resends(due: readonly Resend[]): readonly Resend[];
  /** Whether messages that wait go out ahead of CONNACK. */
  connackLate: boolean;

  // Publishing
  /** Whether an incoming QoS 1 or 2 PUBLISH is a new message that goes to subscribers. */
  isNew(incoming: Incoming): boolean;
  /** Whether a PUBREL frees its packet id; `again` says that the id was free already. */
  onPubrel(again: boolean): { readonly frees: boolean; readonly publishesAgain: boolean };
  /** What a message does to the retained message of its topic. */
  retains(message: Message, before: Message | undefined): "store" | "clear" | "nothing";
  /** The message as it is kept. */
  retained(message: Message): Message;

  // Subscribing
  matches(filter: string, topic: string): boolean;
  /** The QoS that a subscription is served at. */
  granted(asked: QoS): QoS;
  /** The subscriptions of one SUBSCRIBE that are carried out. */
  subscribesTo<T>(subscriptions: readonly T[]): readonly T[];
  /** Whether a subscription takes the place of one with the same filter. [MQTT-3.8.4-3] */
  replacesSubscription: boolean;
  /** Whether retained messages are sent for a subscription; `handling` is Retain Handling, 0 in 3.x. */
  sendsRetained(handling: 0 | 1 | 2, existed: boolean): boolean;
  /** The filters of a session that an UNSUBSCRIBE removes. */
  unsubscribes(filters: readonly string[], held: readonly string[]): readonly string[];
  /** Whether deliveries that were started are completed after UNSUBSCRIBE. [MQTT-3.10.4-3] */
  unsubscribeKeepsInFlight: boolean;
  /** Whether an UNSUBSCRIBE that removes nothing is answered. [MQTT-3.10.4-5] */
  answersVainUnsubscribe: boolean;
  /** Whether PUBREC is answered though nothing with its packet id is in flight. */
  answersUnknownPubrec: boolean;

  // Delivering
  /** The subscriptions of one session that lead to deliveries, each list to one. */
  copies(matching: readonly Held[]): readonly (readonly Held[])[];
  deliveryQos(published: QoS, granted: readonly QoS[]): QoS;
  /** The RETAIN flag of a delivery. */
  retainFlag(flag: boolean, from: "live" | "store"): boolean;
  /** What reaches a session in the place of one delivery. */
  deliveries(delivery: Delivery, session: Session): readonly Delivery[];
  /** Whether a delivery to a session without connection is kept. */
  keepsOffline(delivery: Delivery, session: Session): boolean;
  dup(right: boolean, delivery: Delivery): boolean;
  packetId(right: number): number;

  // Wills
  publishesWill(cause: CloseCause): boolean;
  /** What is published as the will. */
  wills(message: Message): readonly Message[];
  /** Seconds for which a will is held back. */
  willDelaySeconds(asked: number): number;
  /** Whether a will that is held back is called off when its session goes on. [MQTT-3.1.3-9 of 5.0] */
  callsOffWill: boolean;
  /** Whether the will is forgotten once the connection is over. */
  forgetsWill: boolean;

  // Writing
  /** What goes on the wire in the place of one packet. */
  outgoing(packet: Draft, version: ProtocolVersion): readonly Draft[];
}

/** What the standard wants. */
export const RIGHT: Behaviour = {
  tolerates: () => false,
  repairs: () => undefined,
  topicText: (text) => text,
  packetsPerSegment: Infinity,
  joinsSegments: true,
  readsUnfinished: false,

  subprotocol: chooseMqtt,
  websocket: {},
  restores: (state) => state,

  connect: (verdict) => verdict,
  assignedClientId: (unique) => unique,
  sessionKey: (clientId) => clientId,
  refusedEffect: "nothing",
  closesAfterRefusal: true,
  passesOver: () => false,
  ignoresUnreadable: false,
  answersSecondConnect: false,
  takesOver: true,
  // [MQTT-3.1.2-24]
  silenceMs: (keepAliveSeconds) => keepAliveSeconds === 0 ? Infinity : keepAliveSeconds * 1500,
  isSignOfLife: () => true,
  sentIsSignOfLife: false,
  endsOnDisconnect: true,

  resumes: (cleanStart) => !cleanStart,
  sessionPresent: (resumed) => resumed,
  keptSeconds: (asked) => asked,
  onStore: () => {},
  resends: (due) => due,
  connackLate: false,

  // [MQTT-4.3.2-2] [MQTT-4.3.3-2]
  isNew: ({ qos, known }) => qos !== 2 || !known,
  onPubrel: () => ({ frees: true, publishesAgain: false }),
  retains: (message) => !message.retain ? "nothing" : message.payload.length === 0 ? "clear" : "store",
  retained: (message) => message,

  matches,
  granted: (asked) => asked,
  subscribesTo: (subscriptions) => subscriptions,
  replacesSubscription: true,
  sendsRetained: (handling, existed) => handling === 0 || (handling === 1 && !existed),
  unsubscribes: (filters, held) => filters.filter((filter) => held.includes(filter)),
  unsubscribeKeepsInFlight: true,
  answersVainUnsubscribe: true,
  answersUnknownPubrec: true,

  // [MQTT-3.3.5-1]
  copies: (matching) => [matching],
  deliveryQos: (published, granted) => lowerQos(published, highestQos(granted)),
  retainFlag: (flag) => flag,
  deliveries: (delivery) => [delivery],
  // [MQTT-3.1.2-5]
  keepsOffline: (delivery) => delivery.qos > 0,
  dup: (right) => right,
  packetId: (right) => right,

  publishesWill: (cause) => cause !== "disconnect" && cause !== "stop",
  wills: (message) => [message],
  willDelaySeconds: (asked) => asked,
  callsOffWill: true,
  forgetsWill: true,

  outgoing: (packet) => [packet],
};

/** The lower of two levels. */
export function lowerQos(a: QoS, b: QoS): QoS {
  return a < b ? a : b;
}

/** The highest of some levels, 0 for none. */
export function highestQos(levels: readonly QoS[]): QoS {
  return levels.reduce<QoS>((highest, level) => level > highest ? level : highest, 0);
}
