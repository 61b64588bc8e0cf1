import type { Property, PropertyValue, QoS } from "../mqtt/packet.ts";

/** An application message inside the broker, independent of the version in which it was published. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** As published; a delivery may have a lower one. */
  readonly qos: QoS;
  /** As published. */
  readonly retain: boolean;
  /** DUP of the incoming packet, which a correct broker never uses again. */
  readonly dup: boolean;
  /** The client id of the publisher. */
  readonly publisher: string;
  /** The 5.0 properties that are forwarded to subscribers unchanged and in order. */
  readonly properties: readonly Property[];
  /** When the message expires, in ms of the broker's clock; undefined means never. */
  readonly expiresAt?: number | undefined;
}

/** A message on its way to one session. */
export interface Delivery {
  readonly message: Message;
  readonly qos: QoS;
  /** The RETAIN flag to send. */
  readonly retain: boolean;
  /** The 5.0 subscription identifiers of the subscriptions that matched. */
  readonly identifiers: readonly number[];
}

/** Why a network connection ended; the will depends on it. */
export type CloseCause =
  /** DISCONNECT from the client. */
  | "disconnect"
  /** DISCONNECT of 5.0 with the reason that asks for the will. */
  | "disconnect-with-will"
  /** The client ended the stream without DISCONNECT. */
  | "network"
  /** The stream broke: it was reset, or the client can't be reached. */
  | "broken"
  | "keep-alive"
  | "protocol-error"
  /** Another connection with the same client id took over. */
  | "takeover"
  /** The broker stops. */
  | "stop";

const FORWARDED = new Set([
  "payloadFormatIndicator",
  "contentType",
  "responseTopic",
  "correlationData",
  "userProperty",
]);

/** The properties of a PUBLISH or a will that subscribers receive unchanged. [MQTT-3.3.2-4, -15 to -20 of 5.0] */
export function forwarded(properties: readonly Property[]): readonly Property[] {
  if (properties.length === 0) return properties;
  return properties.filter((property) => FORWARDED.has(property.name)).map(({ name, value }) => ({
    name,
    // Copy the value: it is a view of a larger buffer, which a stored message would keep alive.
    value: value instanceof Uint8Array ? value.slice() : value,
  }));
}

/** The first value of a property, or undefined. */
export function propertyValue(properties: readonly Property[], name: string): PropertyValue | undefined {
  for (const property of properties) if (property.name === name) return property.value;
  return undefined;
}

/** The value of an integer property, or `fallback` if it is absent. */
export function numberProperty(properties: readonly Property[], name: string, fallback: number): number {
  const value = propertyValue(properties, name);
  return typeof value === "number" ? value : fallback;
}

/** When a message with these properties expires, in ms of the broker's clock; undefined for never. */
export function expiresAt(properties: readonly Property[], now: number): number | undefined {
  const seconds = propertyValue(properties, "messageExpiryInterval");
  return typeof seconds === "number" ? now + seconds * 1000 : undefined;
}
