import type { ConnectPacket, Property } from "../mqtt/packet.ts";
import { expiresAt, forwarded, type Message, numberProperty } from "./message.ts";

/** The will of a connected client. */
export interface HeldWill {
  /** The message without its expiry time, which is counted from its publication. */
  readonly message: Message;
  /** Seconds by which it is delayed after the close. */
  readonly delaySeconds: number;
  readonly properties: readonly Property[];
}

/** The will of a CONNECT; `topic` is the topic name that the broker uses for it. */
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

/** The message of the will when it is published at `now`. */
export function willMessage(will: HeldWill, now: number): Message {
  return { ...will.message, expiresAt: expiresAt(will.properties, now) };
}
