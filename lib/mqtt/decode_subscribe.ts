import type { Cursor } from "./cursor.ts";
import { checkReason } from "./decode_connect.ts";
import { readProperties } from "./decode_properties.ts";
import { readPacketId } from "./decode_publish.ts";
import type {
  Property,
  QoS,
  SubackPacket,
  SubscribePacket,
  Subscription,
  UnsubackPacket,
  UnsubscribePacket,
} from "./packet.ts";
import { topicFilterFault } from "./topic.ts";

const NONE: readonly Property[] = Object.freeze([]);

/** Reads the body of a SUBSCRIBE. */
export function readSubscribe(cursor: Cursor): SubscribePacket {
  const packetId = readPacketId(cursor, "SUBSCRIBE");
  const properties = readProperties(cursor, "SUBSCRIBE");
  const subscriptions: Subscription[] = [];
  if (cursor.left === 0) {
    cursor.violate("no-subscriptions", cursor.at, "The SUBSCRIBE has no topic filter; it needs at least one");
  }
  while (cursor.left > 0 && !cursor.failed) {
    const filter = readFilter(cursor);
    subscriptions.push(readOptions(cursor, filter));
  }
  return { type: "SUBSCRIBE", packetId, subscriptions, properties };
}

function readFilter(cursor: Cursor): string {
  const at = cursor.at;
  const filter = cursor.text("The topic filter");
  const fault = topicFilterFault(filter, cursor.version === "5.0");
  // Text itself is checked for U+0000, but not in 3.1.
  if (fault && fault.rule !== "text-too-long" && (fault.rule !== "utf8-nul" || cursor.version === "3.1")) {
    cursor.violate(fault.rule, at, fault.message);
  }
  return filter;
}

function readOptions(cursor: Cursor, filter: string): Subscription {
  const at = cursor.at;
  const options = cursor.byte("The subscription options");
  const bits = options & 3;
  if (bits === 3) cursor.fail("subscription-qos-3", at, "The requested QoS is 3; it must be 0, 1 or 2");
  const qos: QoS = bits === 1 ? 1 : bits === 2 ? 2 : 0;
  if (cursor.version !== "5.0") {
    // The upper six bits are reserved in 3.1 too, but 3.1 does not require that they are 0.
    if ((options & 0xfc) !== 0 && cursor.version === "3.1.1") {
      cursor.violate(
        "subscription-options-reserved",
        at,
        "Reserved bits, 7 to 2, of the requested QoS are 1; they must be 0",
      );
    }
    return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 };
  }
  const handling = (options >> 4) & 3;
  const noLocal = (options & 4) !== 0;
  if ((options & 0xc0) !== 0) {
    cursor.violate(
      "subscription-options-reserved",
      at,
      "Reserved bits, 7 and 6, of the subscription options are 1; they must be 0",
    );
  }
  if (handling === 3) cursor.fail("retain-handling-3", at, "The retain handling is 3; it must be 0, 1 or 2");
  if (noLocal && filter.startsWith("$share/")) {
    cursor.violate("no-local-on-shared", at, "No local is 1 for a shared subscription; it must be 0");
  }
  const retainHandling = handling === 1 ? 1 : handling === 2 ? 2 : 0;
  return { filter, qos, noLocal, retainAsPublished: (options & 8) !== 0, retainHandling };
}

/** Reads the body of a SUBACK. */
export function readSuback(cursor: Cursor): SubackPacket {
  const packetId = readPacketId(cursor, "SUBACK");
  const properties = readProperties(cursor, "SUBACK");
  return { type: "SUBACK", packetId, reasons: readReasons(cursor, "SUBACK"), properties };
}

/** Reads the body of an UNSUBSCRIBE. */
export function readUnsubscribe(cursor: Cursor): UnsubscribePacket {
  const packetId = readPacketId(cursor, "UNSUBSCRIBE");
  const properties = readProperties(cursor, "UNSUBSCRIBE");
  const filters: string[] = [];
  if (cursor.left === 0) {
    cursor.violate(
      "no-subscriptions",
      cursor.at,
      "The UNSUBSCRIBE has no topic filter; it needs at least one",
    );
  }
  while (cursor.left > 0 && !cursor.failed) filters.push(readFilter(cursor));
  return { type: "UNSUBSCRIBE", packetId, filters, properties };
}

/** Reads the body of an UNSUBACK, which in 3.x is only a packet id. */
export function readUnsuback(cursor: Cursor): UnsubackPacket {
  const packetId = readPacketId(cursor, "UNSUBACK");
  if (cursor.version !== "5.0") return { type: "UNSUBACK", packetId, reasons: [], properties: NONE };
  const properties = readProperties(cursor, "UNSUBACK");
  return { type: "UNSUBACK", packetId, reasons: readReasons(cursor, "UNSUBACK"), properties };
}

function readReasons(cursor: Cursor, type: "SUBACK" | "UNSUBACK"): number[] {
  const reasons: number[] = [];
  if (cursor.left === 0) {
    cursor.violate("no-reasons", cursor.at, `The ${type} has no code; it needs one for each filter`);
  }
  while (cursor.left > 0 && !cursor.failed) {
    const at = cursor.at;
    const reason = cursor.byte("The code");
    checkReason(cursor, type, reason, at);
    reasons.push(reason);
  }
  return reasons;
}
