import type { ConnackPacket, ConnectPacket, QoS } from "../packet.ts";
import { numberOf } from "./property_value.ts";

/** The limits that one end has announced to the other, with the standard's defaults for the rest. */
export interface Announced {
  /** How many PUBLISH packets of QoS 1 and 2 it accepts before it acknowledges one. */
  readonly receiveMaximum: number;
  /** The size of a whole packet in bytes; Infinity without a limit. */
  readonly maximumPacketSize: number;
  /** The highest topic alias that it accepts; 0 means none. */
  readonly topicAliasMaximum: number;
  /** The highest QoS at which it accepts a PUBLISH. */
  readonly maximumQoS: QoS;
  /** Whether a server accepts a PUBLISH with RETAIN 1. */
  readonly retainAvailable: boolean;
  /** Whether a server accepts filters with wildcards. */
  readonly wildcardSubscriptionAvailable: boolean;
  /** Whether a server accepts subscription identifiers. */
  readonly subscriptionIdentifierAvailable: boolean;
  /** Whether a server accepts shared subscriptions. */
  readonly sharedSubscriptionAvailable: boolean;
  /** In seconds; undefined if the server announces none, and then the client's own value applies. */
  readonly keepAlive: number | undefined;
}

/** Returns what a client announced in its CONNECT. */
export function announcedByClient({ properties, keepAlive }: ConnectPacket): Announced {
  return announced(properties, keepAlive);
}

/** Returns what a server announced in its CONNACK. */
export function announcedByServer({ properties }: ConnackPacket): Announced {
  return announced(properties, numberOf(properties, "serverKeepAlive"));
}

function announced(properties: ConnackPacket["properties"], keepAlive: number | undefined): Announced {
  const available = (name: string) => numberOf(properties, name) !== 0;
  const qos = numberOf(properties, "maximumQoS");
  return {
    receiveMaximum: numberOf(properties, "receiveMaximum") ?? 65_535,
    maximumPacketSize: numberOf(properties, "maximumPacketSize") ?? Infinity,
    topicAliasMaximum: numberOf(properties, "topicAliasMaximum") ?? 0,
    maximumQoS: qos === 0 || qos === 1 ? qos : 2,
    retainAvailable: available("retainAvailable"),
    wildcardSubscriptionAvailable: available("wildcardSubscriptionAvailable"),
    subscriptionIdentifierAvailable: available("subscriptionIdentifierAvailable"),
    sharedSubscriptionAvailable: available("sharedSubscriptionAvailable"),
    keepAlive,
  };
}
