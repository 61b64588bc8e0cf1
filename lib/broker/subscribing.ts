import type { SubscribePacket, Subscription, UnsubscribePacket } from "../mqtt/packet.ts";
import { sharedFilter } from "../mqtt/topic.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import type { Exchange } from "./exchange.ts";
import { propertyValue } from "./message.ts";
import {
  FAILURE,
  IDENTIFIERS_NOT_SUPPORTED,
  NO_SUBSCRIPTION_EXISTED,
  QUOTA_EXCEEDED,
  SHARED_NOT_SUPPORTED,
  WILDCARDS_NOT_SUPPORTED,
} from "./reasons.ts";
import { lowerQos } from "./right.ts";
import type { Peer, Session } from "./session.ts";

/** Executes a SUBSCRIBE, answers it, and sends the retained messages for it. [MQTT-3.8.4-1] */
export function handleSubscribe(
  packet: SubscribePacket,
  session: Session,
  peer: Peer,
  exchange: Exchange,
): void {
  const { behaviour } = exchange;
  const five = peer.version === "5.0";
  const unavailable = five ? unavailableFeature(packet, behaviour) : undefined;
  if (unavailable !== undefined) return peer.end("protocol-error", unavailable);
  const carriedOut = new Set(behaviour.subscribesTo(packet.subscriptions));
  const reasons: number[] = [];
  const due: string[] = [];
  // [MQTT-3.8.4-4]: as if each filter had arrived in its own packet.
  for (const [place, asked] of packet.subscriptions.entries()) {
    if (!carriedOut.has(asked)) {
      reasons.push(asked.qos);
      continue;
    }
    const subscription = { ...asked, filter: behaviour.topicText(asked.filter) };
    const done = carryOut(subscription, place, packet, session, peer, exchange);
    // 3.1 has no way to refuse a subscription.
    if (done.refused && peer.version === "3.1") return peer.end("protocol-error");
    reasons.push(done.refused && !five ? FAILURE : done.reason);
    if (done.sendsRetained) due.push(subscription.filter);
  }
  const answer = () => peer.send({ type: "SUBACK", packetId: packet.packetId, reasons });
  if (behaviour.subackFirst) answer();
  for (const filter of due) exchange.sendRetained(session, filter, five);
  if (!behaviour.subackFirst) answer();
}

/** The reason code for ending a 5.0 connection because its SUBSCRIBE uses a feature that CONNACK announced as unavailable. */
function unavailableFeature(packet: SubscribePacket, behaviour: BrokerBehaviour): number | undefined {
  const filters = packet.subscriptions.map(({ filter }) => sharedFilter(filter)?.filter ?? filter);
  const identified = propertyValue(packet.properties, "subscriptionIdentifier") !== undefined;
  if (identified && !behaviour.identifiersAvailable) return IDENTIFIERS_NOT_SUPPORTED;
  const shared = packet.subscriptions.some(({ filter }) => sharedFilter(filter));
  if (shared && !behaviour.sharedAvailable) return SHARED_NOT_SUPPORTED;
  const wild = filters.some((filter) => /[+#]/.test(filter));
  return wild && !behaviour.wildcardsAvailable ? WILDCARDS_NOT_SUPPORTED : undefined;
}

interface CarriedOut {
  /** The code of SUBACK. */
  readonly reason: number;
  readonly refused?: boolean;
  readonly sendsRetained?: boolean;
}

function carryOut(
  asked: Subscription,
  place: number,
  packet: SubscribePacket,
  session: Session,
  peer: Peer,
  exchange: Exchange,
): CarriedOut {
  const { behaviour } = exchange;
  const five = peer.version === "5.0";
  const { filter } = asked;
  const refusal = behaviour.refusesFilter(filter, place);
  if (refusal !== undefined) {
    applyRefused(asked, session, exchange, five);
    return { reason: refusal, refused: true };
  }
  const before = session.subscriptions.get(filter);
  const subscription = behaviour.options(asked, before, packet);
  const granted = behaviour.granted(
    five ? lowerQos(subscription.qos, behaviour.maximumQos) : subscription.qos,
    subscription.qos,
  );
  const named = propertyValue(packet.properties, "subscriptionIdentifier");
  const identifier = behaviour.identifier(typeof named === "number" ? named : undefined, filter, before);
  const done = exchange.subscribe(session, subscription, granted, identifier, five);
  if (!done) return { reason: QUOTA_EXCEEDED, refused: true };
  return {
    reason: granted,
    sendsRetained: behaviour.sendsRetained(subscription.retainHandling, done.existed),
  };
}

/** Applies the side effect of a refused filter; a correct broker has none. */
function applyRefused(subscription: Subscription, session: Session, exchange: Exchange, five: boolean): void {
  const { refusedFilterEffect } = exchange.behaviour;
  if (refusedFilterEffect === "nothing") return;
  exchange.subscribe(session, subscription, subscription.qos, undefined, five);
  if (refusedFilterEffect === "subscription") return;
  exchange.sendRetained(session, subscription.filter, five);
  exchange.unsubscribe(session, subscription.filter);
}

/** Executes an UNSUBSCRIBE and answers it, whether or not a subscription existed. [MQTT-3.10.4-5] */
export function handleUnsubscribe(
  packet: UnsubscribePacket,
  session: Session,
  peer: Peer,
  exchange: Exchange,
): void {
  const { behaviour } = exchange;
  const asked = packet.filters.map((filter) => behaviour.topicText(filter));
  const existed = asked.map((filter) => session.subscriptions.has(filter));
  for (const filter of behaviour.unsubscribes(asked, [...session.subscriptions.keys()])) {
    exchange.unsubscribe(session, filter);
  }
  if (!behaviour.unsubscribeKeepsInFlight) {
    session.unacknowledged.clear();
    session.released.clear();
  }
  if (!behaviour.answersVainUnsubscribe && !existed.includes(true)) return;
  const reasons = peer.version === "5.0"
    ? existed.map((was) => was ? 0 : NO_SUBSCRIPTION_EXISTED)
    : undefined;
  peer.send({ type: "UNSUBACK", packetId: packet.packetId, reasons });
}
