/**
 * The MQTT control packets as plain data, for 3.1, 3.1.1 and 5.0 alike. Field names are the standard's, in
 * camel case.
 *
 * A {@link Packet} is the decoder's result: complete and typed. A {@link Draft} is the encoder's input: any
 * field may be missing or wrong, because a conformance test has to send what the standard forbids.
 */

/** The protocol versions, oldest first. */
export const PROTOCOL_VERSIONS = ["3.1", "3.1.1", "5.0"] as const;
/** A version of the protocol, named like its document. */
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** The protocol level in the CONNECT of each version. */
export const PROTOCOL_LEVELS = { "3.1": 3, "3.1.1": 4, "5.0": 5 } as const satisfies Record<
  ProtocolVersion,
  number
>;

/** The protocol name in the CONNECT of each version. */
export const PROTOCOL_NAMES = { "3.1": "MQIsdp", "3.1.1": "MQTT", "5.0": "MQTT" } as const satisfies Record<
  ProtocolVersion,
  string
>;

/** Whether a text names a version of the protocol. */
export function isProtocolVersion(text: string): text is ProtocolVersion {
  return PROTOCOL_VERSIONS.some((version) => version === text);
}

/** The packet types in the order of their wire values; index 0 is reserved. */
export const PACKET_TYPES = [
  "CONNECT",
  "CONNACK",
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBSCRIBE",
  "SUBACK",
  "UNSUBSCRIBE",
  "UNSUBACK",
  "PINGREQ",
  "PINGRESP",
  "DISCONNECT",
  "AUTH",
] as const;
/** The name of a control packet; its wire value is its index in {@link PACKET_TYPES} plus one. */
export type PacketType = (typeof PACKET_TYPES)[number];

/** A Quality of Service level. */
export type QoS = 0 | 1 | 2;

/** A value of a 5.0 property: an integer, a string, binary data, or a user property's name and value. */
export type PropertyValue = number | string | Uint8Array | readonly [string, string];

/** One 5.0 property. A packet has a list of them in wire order, so duplicates can be received and sent. */
export interface Property {
  /** The standard's name in camel case, such as `sessionExpiryInterval`; see `PROPERTIES` in properties.ts. */
  readonly name: string;
  readonly value: PropertyValue;
}

/** The will of a CONNECT. */
export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: readonly Property[];
}

export interface ConnectPacket {
  readonly type: "CONNECT";
  /** `MQIsdp` in 3.1, `MQTT` since 3.1.1. */
  readonly protocolName: string;
  /** 3, 4 or 5. */
  readonly protocolLevel: number;
  /** Clean Start of 5.0; the same bit is Clean Session in 3.x. */
  readonly cleanStart: boolean;
  /** In seconds, 0 to 65,535; 0 is off. */
  readonly keepAlive: number;
  readonly clientId: string;
  readonly will?: Will;
  readonly userName?: string;
  readonly password?: Uint8Array;
  readonly properties: readonly Property[];
}

export interface ConnackPacket {
  readonly type: "CONNACK";
  readonly sessionPresent: boolean;
  /** The return code of 3.x, or the reason code of 5.0. */
  readonly reason: number;
  readonly properties: readonly Property[];
}

export interface PublishPacket {
  readonly type: "PUBLISH";
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Present at QoS 1 and 2. */
  readonly packetId?: number;
  readonly properties: readonly Property[];
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP have one shape. */
export interface AckPacket<
  T extends "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP" = "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP",
> {
  readonly type: T;
  readonly packetId: number;
  /** 0 in 3.x and if 5.0 omits it. */
  readonly reason: number;
  readonly properties: readonly Property[];
}

/** One filter of a SUBSCRIBE with its options; the last three are 0 in 3.x. */
export interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** 0 send retained messages, 1 only for a new subscription, 2 never. */
  readonly retainHandling: 0 | 1 | 2;
}

export interface SubscribePacket {
  readonly type: "SUBSCRIBE";
  readonly packetId: number;
  readonly subscriptions: readonly Subscription[];
  readonly properties: readonly Property[];
}

export interface SubackPacket {
  readonly type: "SUBACK";
  readonly packetId: number;
  readonly reasons: readonly number[];
  readonly properties: readonly Property[];
}

export interface UnsubscribePacket {
  readonly type: "UNSUBSCRIBE";
  readonly packetId: number;
  readonly filters: readonly string[];
  readonly properties: readonly Property[];
}

export interface UnsubackPacket {
  readonly type: "UNSUBACK";
  readonly packetId: number;
  /** Empty in 3.x. */
  readonly reasons: readonly number[];
  readonly properties: readonly Property[];
}

export interface PingreqPacket {
  readonly type: "PINGREQ";
}

export interface PingrespPacket {
  readonly type: "PINGRESP";
}

export interface DisconnectPacket {
  readonly type: "DISCONNECT";
  readonly reason: number;
  readonly properties: readonly Property[];
}

/** Only in 5.0. */
export interface AuthPacket {
  readonly type: "AUTH";
  readonly reason: number;
  readonly properties: readonly Property[];
}

/** Any control packet, distinguished by `type`. */
export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AckPacket<"PUBACK">
  | AckPacket<"PUBREC">
  | AckPacket<"PUBREL">
  | AckPacket<"PUBCOMP">
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | UnsubackPacket
  | PingreqPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket;

/** The packet of one type. */
export type PacketOf<T extends PacketType> = Extract<Packet, { readonly type: T }>;

/**
 * Overrides of bytes and bits in the correct encoding. Numbers are masked to their field's width. They are
 * applied in the order of declaration.
 */
export interface WireOverrides {
  /** The whole flag byte of CONNECT. */
  readonly connectFlags?: number;
  /** The property length: a value, or the exact bytes of the variable byte integer. */
  readonly propertyLength?: number | Uint8Array;
  /** Everything after the fixed header. */
  readonly body?: Uint8Array;
  /** Bytes added to the body and counted in the remaining length. */
  readonly append?: Uint8Array;
  /** The low four bits of the first byte. */
  readonly flags?: number;
  /** The high four bits of the first byte. */
  readonly typeBits?: number;
  /** The remaining length: a value that may be wrong, or the exact bytes, such as an over-long form. */
  readonly remainingLength?: number | Uint8Array;
  /** Cuts the packet to this many bytes. */
  readonly truncate?: number;
}

/**
 * A field as a sender may write it: text also as raw bytes, bytes also as text, any number, and any field
 * omitted.
 */
export type Loose<T> = T extends string ? string | Uint8Array
  : T extends number ? number
  : T extends Uint8Array ? Uint8Array | string
  : T extends readonly [string, string] ? readonly [string | Uint8Array, string | Uint8Array]
  : T extends readonly (infer E)[] ? readonly Loose<E>[]
  : T extends object ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
  : T;

/**
 * A packet to send. An omitted field takes the standard's default, but an omitted packet id is not written at
 * all. Properties are written only when `version` is 5.0.
 */
export type DraftOf<P> = P extends { readonly type: infer T extends PacketType } ?
    & { readonly type: T; readonly wire?: WireOverrides | undefined }
    & { readonly [K in Exclude<keyof P, "type">]?: Loose<P[K]> | undefined }
  : never;

/** Any packet to send. */
export type Draft = DraftOf<Packet>;

/** Fields of a CONNECT that differ from the defaults: a clean session without keep alive. */
export type ConnectFields = Omit<DraftOf<ConnectPacket>, "type">;
