/** Whole packets with their bytes, written down field by field from the standards' tables. */
import type { Draft, Packet, ProtocolVersion } from "../packet.ts";
import { V5_FIXTURES } from "./fixtures_v5.ts";

/** One field of a packet: what it is, and its bytes as numbers, or as ASCII text. */
export type WireField = readonly [what: string, ...bytes: (number | string)[]];

export interface Fixture {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly packet: Packet;
  /** What to encode, where the packet itself would be written in another right form. */
  readonly draft?: Draft;
  readonly fields: readonly WireField[];
}

/** The bytes of some fields. */
export function bytesOf(fields: readonly WireField[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([, ...bytes]) =>
      bytes.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])
    ),
  );
}

const V3_FIXTURES: readonly Fixture[] = [
  {
    name: "CONNECT of 3.1",
    version: "3.1",
    packet: {
      type: "CONNECT",
      protocolName: "MQIsdp",
      protocolLevel: 3,
      cleanStart: true,
      keepAlive: 10,
      clientId: "old",
      properties: [],
    },
    fields: [
      ["type and flags", 0x10],
      ["remaining length", 17],
      ["protocol name", 0, 6, "MQIsdp"],
      ["protocol level", 3],
      ["connect flags", 0x02],
      ["keep alive", 0, 10],
      ["client id", 0, 3, "old"],
    ],
  },
  {
    name: "CONNECT of 3.1.1 with everything",
    version: "3.1.1",
    packet: {
      type: "CONNECT",
      protocolName: "MQTT",
      protocolLevel: 4,
      cleanStart: false,
      keepAlive: 300,
      clientId: "c1",
      will: {
        topic: "w",
        payload: Uint8Array.of(1, 2),
        qos: 2,
        retain: true,
        properties: [],
      },
      userName: "me",
      password: Uint8Array.of(0, 255),
      properties: [],
    },
    fields: [
      ["type and flags", 0x10],
      ["remaining length", 29],
      ["protocol name", 0, 4, "MQTT"],
      ["protocol level", 4],
      ["connect flags", 0b1111_0100],
      ["keep alive", 1, 44],
      ["client id", 0, 2, "c1"],
      ["will topic", 0, 1, "w"],
      ["will message", 0, 2, 1, 2],
      ["user name", 0, 2, "me"],
      ["password", 0, 2, 0, 255],
    ],
  },
  {
    name: "CONNACK of 3.1.1",
    version: "3.1.1",
    packet: { type: "CONNACK", sessionPresent: true, reason: 0, properties: [] },
    fields: [["type and flags", 0x20], ["remaining length", 2], ["acknowledge flags", 1], ["return code", 0]],
  },
  {
    name: "CONNACK of 3.1.1 that refuses",
    version: "3.1.1",
    packet: { type: "CONNACK", sessionPresent: false, reason: 5, properties: [] },
    fields: [["type and flags", 0x20], ["remaining length", 2], ["acknowledge flags", 0], ["return code", 5]],
  },
  {
    name: "PUBLISH at QoS 0 with an empty payload",
    version: "3.1.1",
    packet: {
      type: "PUBLISH",
      topic: "a/b",
      payload: new Uint8Array(0),
      qos: 0,
      retain: true,
      dup: false,
      properties: [],
    },
    fields: [["type and flags", 0x31], ["remaining length", 5], ["topic name", 0, 3, "a/b"]],
  },
  {
    name: "PUBLISH at QoS 2, repeated, with a topic that is not ASCII",
    version: "3.1.1",
    packet: {
      type: "PUBLISH",
      topic: "ä/€",
      payload: new TextEncoder().encode("hi"),
      qos: 2,
      retain: false,
      dup: true,
      packetId: 0x1234,
      properties: [],
    },
    fields: [
      ["type and flags", 0b0011_1100],
      ["remaining length", 12],
      ["topic name", 0, 6, 0xc3, 0xa4, "/", 0xe2, 0x82, 0xac],
      ["packet id", 0x12, 0x34],
      ["payload", "hi"],
    ],
  },
  {
    name: "PUBLISH with a remaining length of two bytes",
    version: "3.1.1",
    packet: {
      type: "PUBLISH",
      topic: "t",
      payload: new Uint8Array(197).fill(0x2e),
      qos: 0,
      retain: false,
      dup: false,
      properties: [],
    },
    fields: [
      ["type and flags", 0x30],
      ["remaining length", 0xc8, 0x01],
      ["topic name", 0, 1, "t"],
      ["payload", ".".repeat(197)],
    ],
  },
  {
    name: "PUBACK of 3.1.1",
    version: "3.1.1",
    packet: { type: "PUBACK", packetId: 7, reason: 0, properties: [] },
    fields: [["type and flags", 0x40], ["remaining length", 2], ["packet id", 0, 7]],
  },
  {
    name: "PUBREC of 3.1.1",
    version: "3.1.1",
    packet: { type: "PUBREC", packetId: 0xffff, reason: 0, properties: [] },
    fields: [["type and flags", 0x50], ["remaining length", 2], ["packet id", 0xff, 0xff]],
  },
  {
    name: "PUBREL of 3.1.1",
    version: "3.1.1",
    packet: { type: "PUBREL", packetId: 256, reason: 0, properties: [] },
    fields: [["type and flags", 0x62], ["remaining length", 2], ["packet id", 1, 0]],
  },
  {
    name: "PUBCOMP of 3.1",
    version: "3.1",
    packet: { type: "PUBCOMP", packetId: 1, reason: 0, properties: [] },
    fields: [["type and flags", 0x70], ["remaining length", 2], ["packet id", 0, 1]],
  },
  {
    name: "SUBSCRIBE of 3.1.1 with three filters",
    version: "3.1.1",
    packet: {
      type: "SUBSCRIBE",
      packetId: 10,
      subscriptions: [
        { filter: "a/b", qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
        { filter: "+", qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 },
        { filter: "#", qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
      properties: [],
    },
    fields: [
      ["type and flags", 0x82],
      ["remaining length", 16],
      ["packet id", 0, 10],
      ["topic filter", 0, 3, "a/b"],
      ["requested QoS", 1],
      ["topic filter", 0, 1, "+"],
      ["requested QoS", 2],
      ["topic filter", 0, 1, "#"],
      ["requested QoS", 0],
    ],
  },
  {
    name: "SUBACK of 3.1.1",
    version: "3.1.1",
    packet: { type: "SUBACK", packetId: 10, reasons: [1, 2, 0, 0x80], properties: [] },
    fields: [
      ["type and flags", 0x90],
      ["remaining length", 6],
      ["packet id", 0, 10],
      ["return codes", 1, 2, 0, 0x80],
    ],
  },
  {
    name: "UNSUBSCRIBE of 3.1.1",
    version: "3.1.1",
    packet: { type: "UNSUBSCRIBE", packetId: 11, filters: ["a/b", "c"], properties: [] },
    fields: [
      ["type and flags", 0xa2],
      ["remaining length", 10],
      ["packet id", 0, 11],
      ["topic filter", 0, 3, "a/b"],
      ["topic filter", 0, 1, "c"],
    ],
  },
  {
    name: "UNSUBACK of 3.1.1",
    version: "3.1.1",
    packet: { type: "UNSUBACK", packetId: 11, reasons: [], properties: [] },
    fields: [["type and flags", 0xb0], ["remaining length", 2], ["packet id", 0, 11]],
  },
  {
    name: "PINGREQ",
    version: "3.1.1",
    packet: { type: "PINGREQ" },
    fields: [["type and flags", 0xc0], ["remaining length", 0]],
  },
  {
    name: "PINGRESP",
    version: "5.0",
    packet: { type: "PINGRESP" },
    fields: [["type and flags", 0xd0], ["remaining length", 0]],
  },
  {
    name: "DISCONNECT of 3.1.1",
    version: "3.1.1",
    packet: { type: "DISCONNECT", reason: 0, properties: [] },
    fields: [["type and flags", 0xe0], ["remaining length", 0]],
  },
];

/** All fixtures: every packet type of every layout, and every property. */
export const FIXTURES: readonly Fixture[] = [...V3_FIXTURES, ...V5_FIXTURES];
