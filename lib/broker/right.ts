import type { QoS } from "../mqtt/packet.ts";
import { matches } from "../mqtt/topic.ts";
import { chooseMqtt } from "../transport/listen.ts";
import { RIGHT_AUTHENTICATING } from "./authenticating.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { REFUSED } from "./reasons.ts";

/** The usual, correct behaviour of the reference broker. */
export const RIGHT: BrokerBehaviour = {
  tolerates: () => false,
  repairs: () => undefined,
  topicText: (text) => text,
  packetsPerSegment: Infinity,
  carriesOut: () => undefined,
  joinsSegments: true,
  readsUnfinished: false,
  readBytes: 8 * 1024,
  readGapMs: 0,

  subprotocol: chooseMqtt,
  websocket: {},
  restores: (state) => state,
  roundTripMs: 0,
  gathersMs: 0,
  pieces: (bytes) => [bytes],
  pieceGapMs: 0,
  congestedBytes: 1024 * 1024,
  closesAfterMs: () => 0,
  resets: false,

  connect: (verdict) => verdict,
  refusal: (verdict) => verdict,
  assignedClientId: (unique) => unique,
  sessionKey: (clientId) => clientId,
  refusedEffect: "nothing",
  closesAfterRefusal: true,
  servesRefused: false,
  disconnectsUnaccepted: false,
  ...RIGHT_AUTHENTICATING,
  passesOver: () => false,
  ignoresUnreadable: false,
  answersSecondConnect: false,
  takesOver: true,
  // [MQTT-3.1.2-24]
  silenceMs: (keepAliveSeconds) => keepAliveSeconds === 0 ? Infinity : keepAliveSeconds * 1500,
  isSignOfLife: () => true,
  sentIsSignOfLife: false,
  endsOnDisconnect: true,
  disconnectCause: (reason) => reason === 0 ? "disconnect" : "disconnect-with-will",
  // 5.0 section 3.14.2.2.2: a session that ends with the connection cannot be kept after all.
  disconnectExpiry: (asked, before) => before === 0 && asked > 0 ? undefined : asked,
  disconnectReason: (right) => right,
  announces: (right) => right,

  maximumPacketSize: (configured) => configured,
  topicAliasMaximum: (configured) => configured,
  receiveMaximum: () => 0xffff,
  maximumQos: 2,
  retainAvailable: true,
  wildcardsAvailable: true,
  identifiersAvailable: true,
  sharedAvailable: true,
  serverKeepAlive: undefined,
  excess: (right) => right,
  takesAlias: (alias, maximum) => alias <= maximum,
  endsForAlias: true,
  topicAliases: (own) => own,
  sessionExpirySeconds: (asked) => asked,
  refusesTopic: () => undefined,
  refusesFilter: () => undefined,
  refusedMessageEffect: "nothing",
  refusedFilterEffect: "nothing",
  mostSubscriptions: (configured) => configured,
  mostQueued: (configured) => configured,
  whenQueueFull: "drop-newest",
  mostRetained: (configured) => configured,

  resumes: (cleanStart) => !cleanStart,
  sessionPresent: (resumed) => resumed,
  keptSeconds: (asked) => asked,
  onOpen: () => {},
  onStore: () => {},
  resends: (due) => due,
  connackLate: false,
  dropsLargeConnack: false,
  nextPacketId: (last) => last % 0xffff + 1,

  publishesWill: (cause) => cause !== "disconnect" && cause !== "stop",
  wills: (message) => [message],
  willDelaySeconds: (asked) => asked,
  willLateMs: 0,
  willAtSessionEnd: "publish",
  sessionTimer: "last",
  callsOffWill: true,
  forgetsWill: true,

  // [MQTT-4.3.2-2] [MQTT-4.3.3-2]
  isNew: ({ qos, known }) => qos !== 2 || !known,
  deliversAtPubrel: false,
  acknowledgesFirst: false,
  publishReason: () => 0,
  onPubrel: () => ({ frees: true, publishesAgain: false }),
  retains: (message) => !message.retain ? "nothing" : message.payload.length === 0 ? "clear" : "store",
  retained: (message) => message,
  aboutItself: [["$SYS/broker", "attest"], ["$SYS/broker/version", "attest reference broker"]],
  aboutItselfEveryMs: Infinity,

  matches,
  dropsExpired: () => true,
  expiredMakesRoom: true,
  secondsLeft: (right) => right,
  passesOn: (right) => right,
  granted: (asked) => asked,
  identifier: (asked) => asked,
  subscribesTo: (subscriptions) => subscriptions,
  replacesSubscription: true,
  subackFirst: true,
  sendsRetained: (handling, existed) => handling === 0 || (handling === 1 && !existed),
  retainedOrder: (messages) => messages,
  options: (asked) => asked,
  noLocal: (held) => held.noLocal,
  noLocalForRetained: true,
  unsubscribes: (filters, held) => filters.filter((filter) => held.includes(filter)),
  unsubscribeKeepsInFlight: true,
  answersVainUnsubscribe: true,
  answersUnknownPubrec: true,
  answered: (type, reason) => type === "PUBREC" && reason < REFUSED ? "goes-on" : "done",
  onRefused: () => {},
  servesAtFullWindow: true,

  // [MQTT-3.3.5-1]
  copies: (matching) => [matching],
  // The members take turns; connected members come first.
  sharedMembers: (members, turn) => {
    const online = members.filter((held) => held.session.peer);
    const choice = online.length > 0 ? online : members;
    const at = turn % choice.length;
    return choice.slice(at, at + 1);
  },
  identifiers: (held) => held.flatMap(({ identifier }) => identifier === undefined ? [] : [identifier]),
  deliveryQos: (published, granted) => lowerQos(published, highestQos(granted)),
  retainAsPublished: (held) => held.retainAsPublished,
  retainFlag: (flag) => flag,
  deliveries: (delivery) => [delivery],
  // [MQTT-3.1.2-5]
  keepsOffline: (delivery) => delivery.qos > 0,
  window: (receiveMaximum) => receiveMaximum,
  qos0WhenFull: "send",
  dup: (right) => right,
  packetId: (right) => right,
  resendsEveryMs: () => Infinity,
  usesAliases: false,

  remarks: () => [],
  sendsUpTo: (most) => most,
  outgoing: (packet) => [packet],
  holdMs: () => 0,
};

/** The lower of two QoS levels. */
export function lowerQos(a: QoS, b: QoS): QoS {
  return a < b ? a : b;
}

/** The highest of these QoS levels; 0 if there are none. */
export function highestQos(levels: readonly QoS[]): QoS {
  return levels.reduce<QoS>((highest, level) => level > highest ? level : highest, 0);
}
