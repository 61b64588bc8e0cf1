import type { ConnectPacket, Property } from "../mqtt/packet.ts";
import { expiresAt, forwarded, type Message, numberProperty } from "./message.ts";

/** The will of a connected client. */
export interface HeldWill {
  /** The message without its expiry, which counts from its publication. */
  readonly message: Message;
  /** Seconds for which it is held back after the close. */
  readonly delaySeconds: number;
  readonly properties: readonly Property[];
}

/** The will that a CONNECT asks for; `topic` is its topic name as the broker works with it. */
export function willOf(packet: ConnectPacket, clientId: string, topic: string): HeldWill | undefined {
  const { will } = packet;
  if (!will) return undefined;
  return {
    message: {
      topic,
      payload: will.payload.slice(),
      qos: will.qos,
      retain: will.retain,
      dup: false,
      publisher: clientId,
      properties: forwarded(will.properties),
    },
    delaySeconds: numberProperty(will.properties, "willDelayInterval", 0),
    properties: will.properties,
  };
}

/** The will as it is published at `now`. */
export function willMessage(will: HeldWill, now: number): Message {
  return { ...will.message, expiresAt: expiresAt(will.properties, now) };
}
