import type { ConnackPacket, ConnectPacket, QoS } from "../packet.ts";
import { numberOf } from "./property_value.ts";

/** What one end told the other about what it takes, with the standard's values where it told nothing. */
export interface Announced {
  /** How many PUBLISH packets of QoS 1 and 2 it takes before it has acknowledged one. */
  readonly receiveMaximum: number;
  /** Bytes of a whole packet; Infinity where there is no limit. */
  readonly maximumPacketSize: number;
  /** The highest topic alias that it takes; 0 is none. */
  readonly topicAliasMaximum: number;
  /** The highest QoS at which it takes a PUBLISH. */
  readonly maximumQoS: QoS;
  /** Whether a server takes a PUBLISH with RETAIN 1. */
  readonly retainAvailable: boolean;
  /** Whether a server takes filters with wildcards. */
  readonly wildcardSubscriptionAvailable: boolean;
  /** Whether a server takes subscription identifiers. */
  readonly subscriptionIdentifierAvailable: boolean;
  /** Whether a server takes shared subscriptions. */
  readonly sharedSubscriptionAvailable: boolean;
  /** Seconds; what a server does not tell is undefined, and the client's own value counts. */
  readonly keepAlive: number | undefined;
}

/** What a client announced in its CONNECT. */
export function announcedByClient({ properties, keepAlive }: ConnectPacket): Announced {
  return announced(properties, keepAlive);
}

/** What a server announced in its CONNACK. */
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
