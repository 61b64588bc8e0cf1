import type { SubscribePacket, UnsubscribePacket } from "../mqtt/packet.ts";
import type { Exchange } from "./exchange.ts";
import { propertyValue } from "./message.ts";
import type { Peer, Session } from "./session.ts";

const FAILURE = 0x80;
const QUOTA_EXCEEDED = 0x97;
const NO_SUBSCRIPTION_EXISTED = 0x11;

/** Carries out a SUBSCRIBE, answers it, and sends the retained messages that are due. [MQTT-3.8.4-1] */
export function handleSubscribe(
  packet: SubscribePacket,
  session: Session,
  peer: Peer,
  exchange: Exchange,
): void {
  const { behaviour } = exchange;
  const five = peer.version === "5.0";
  const identifier = propertyValue(packet.properties, "subscriptionIdentifier");
  const carriedOut = new Set(behaviour.subscribesTo(packet.subscriptions));
  const reasons: number[] = [];
  const due: string[] = [];
  // [MQTT-3.8.4-4]: as if each filter had come on its own.
  for (const asked of packet.subscriptions) {
    const subscription = { ...asked, filter: behaviour.topicText(asked.filter) };
    if (!carriedOut.has(asked)) {
      reasons.push(asked.qos);
      continue;
    }
    const done = exchange.subscribe(
      session,
      subscription,
      typeof identifier === "number" ? identifier : undefined,
      five,
    );
    if (!done) {
      // 3.1 has no way to refuse a subscription.
      if (peer.version === "3.1") return peer.end("protocol-error");
      reasons.push(five ? QUOTA_EXCEEDED : FAILURE);
      continue;
    }
    reasons.push(done.granted);
    if (behaviour.sendsRetained(asked.retainHandling, done.existed)) due.push(subscription.filter);
  }
  peer.send({ type: "SUBACK", packetId: packet.packetId, reasons });
  for (const filter of due) exchange.sendRetained(session, filter, five);
}

/** Carries out an UNSUBSCRIBE and answers it, whether or not a subscription was there. [MQTT-3.10.4-5] */
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
