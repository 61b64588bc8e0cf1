import { Buffer } from "node:buffer";
import type * as mqttPacket from "mqtt-packet";
import type { Draft, ProtocolVersion } from "../../lib/mqtt/packet.ts";

/** A kind of packet to measure: returns its n-th variant in this project's form and in mqtt-packet's. */
export interface PacketKind {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly ours: (n: number) => Draft;
  readonly theirs: (n: number) => mqttPacket.Packet;
  /** Whether its reads hold whole packets and are kept by the caller, as with large payloads. */
  readonly kept?: boolean;
}

const KIB = "The quick brown fox jumps over the lazy dog. 0123456789 abcdef. ".repeat(16);

const LARGE = Buffer.alloc(64 * 1024, KIB);
const LARGEST = Buffer.alloc(256 * 1024, KIB);

const topic = (n: number) => `plant/${n % 7}/line/${n}/temperature`;
const payload = (n: number) => new TextEncoder().encode(`{"t":${n},"c":21.5}`);
const publish = { cmd: "publish", retain: false, dup: false } as const;

/** The most common packets between a client and a broker. */
export const KINDS: readonly PacketKind[] = [
  {
    name: "CONNECT 3.1.1",
    version: "3.1.1",
    ours: (n) => ({
      type: "CONNECT",
      clientId: `meter-${n}`,
      keepAlive: 60,
      will: { topic: topic(n), payload: payload(n), qos: 1, retain: true },
      userName: "operator",
      password: "secret",
    }),
    theirs: (n) => ({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clean: true,
      clientId: `meter-${n}`,
      keepalive: 60,
      will: { topic: topic(n), payload: Buffer.from(payload(n)), qos: 1, retain: true },
      username: "operator",
      password: Buffer.from("secret"),
    }),
  },
  {
    name: "CONNECT 5.0",
    version: "5.0",
    ours: (n) => ({
      type: "CONNECT",
      clientId: `meter-${n}`,
      keepAlive: 60,
      properties: [{ name: "sessionExpiryInterval", value: 3600 }, { name: "receiveMaximum", value: 20 }],
    }),
    theirs: (n) => ({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 5,
      clean: true,
      clientId: `meter-${n}`,
      keepalive: 60,
      properties: { sessionExpiryInterval: 3600, receiveMaximum: 20 },
    }),
  },
  {
    name: "CONNACK 3.1.1",
    version: "3.1.1",
    ours: () => ({ type: "CONNACK", sessionPresent: false, reason: 0 }),
    theirs: () => ({ cmd: "connack", sessionPresent: false, returnCode: 0 }),
  },
  {
    name: "PUBLISH QoS 0, 20 bytes",
    version: "3.1.1",
    ours: (n) => ({ type: "PUBLISH", topic: topic(n), payload: payload(n) }),
    theirs: (n) => ({ ...publish, qos: 0, topic: topic(n), payload: Buffer.from(payload(n)) }),
  },
  {
    name: "PUBLISH QoS 0, 1 KiB",
    version: "3.1.1",
    ours: (n) => ({ type: "PUBLISH", topic: topic(n), payload: new TextEncoder().encode(KIB) }),
    theirs: (n) => ({ ...publish, qos: 0, topic: topic(n), payload: Buffer.from(KIB) }),
  },
  {
    name: "PUBLISH QoS 0, 4 KiB",
    version: "3.1.1",
    ours: (n) => ({ type: "PUBLISH", topic: topic(n), payload: new TextEncoder().encode(KIB.repeat(4)) }),
    theirs: (n) => ({ ...publish, qos: 0, topic: topic(n), payload: Buffer.from(KIB.repeat(4)) }),
  },
  {
    name: "PUBLISH QoS 0, 64 KiB, kept",
    version: "3.1.1",
    kept: true,
    ours: (n) => ({ type: "PUBLISH", topic: topic(n), payload: LARGE, qos: 0 }),
    theirs: (n) => ({ ...publish, topic: topic(n), payload: LARGE, qos: 0 }),
  },
  {
    name: "PUBLISH QoS 0, 256 KiB, kept",
    version: "3.1.1",
    kept: true,
    ours: (n) => ({ type: "PUBLISH", topic: topic(n), payload: LARGEST, qos: 0 }),
    theirs: (n) => ({ ...publish, topic: topic(n), payload: LARGEST, qos: 0 }),
  },
  {
    name: "PUBLISH QoS 1, long UTF-8 topic",
    version: "3.1.1",
    ours: (n) => ({
      type: "PUBLISH",
      topic: `Straße/Übersicht/${topic(n)}/größe`,
      payload: payload(n),
      qos: 1,
      packetId: n + 1,
    }),
    theirs: (n) => ({
      ...publish,
      qos: 1,
      messageId: n + 1,
      topic: `Straße/Übersicht/${topic(n)}/größe`,
      payload: Buffer.from(payload(n)),
    }),
  },
  {
    name: "PUBLISH QoS 1 5.0, 5 properties",
    version: "5.0",
    ours: (n) => ({
      type: "PUBLISH",
      topic: topic(n),
      payload: payload(n),
      qos: 1,
      packetId: n + 1,
      properties: [
        { name: "payloadFormatIndicator", value: 1 },
        { name: "messageExpiryInterval", value: 600 },
        { name: "contentType", value: "application/json" },
        { name: "userProperty", value: ["site", "north"] },
        { name: "userProperty", value: ["unit", `m-${n}`] },
      ],
    }),
    theirs: (n) => ({
      ...publish,
      qos: 1,
      messageId: n + 1,
      topic: topic(n),
      payload: Buffer.from(payload(n)),
      properties: {
        payloadFormatIndicator: true,
        messageExpiryInterval: 600,
        contentType: "application/json",
        userProperties: { site: "north", unit: `m-${n}` },
      },
    }),
  },
  {
    name: "PUBACK 3.1.1",
    version: "3.1.1",
    ours: (n) => ({ type: "PUBACK", packetId: n + 1 }),
    theirs: (n) => ({ cmd: "puback", messageId: n + 1 }),
  },
  {
    name: "PUBREL 5.0",
    version: "5.0",
    ours: (n) => ({ type: "PUBREL", packetId: n + 1, reason: 0x92, properties: [] }),
    theirs: (n) => ({ cmd: "pubrel", messageId: n + 1, reasonCode: 0x92 }),
  },
  {
    name: "SUBSCRIBE 3.1.1, 3 filters",
    version: "3.1.1",
    ours: (n) => ({
      type: "SUBSCRIBE",
      packetId: n + 1,
      subscriptions: [{ filter: topic(n), qos: 1 }, { filter: "plant/+/line/#", qos: 2 }, { filter: "#" }],
    }),
    theirs: (n) => ({
      cmd: "subscribe",
      messageId: n + 1,
      subscriptions: [{ topic: topic(n), qos: 1 }, { topic: "plant/+/line/#", qos: 2 }, {
        topic: "#",
        qos: 0,
      }],
    }),
  },
  {
    name: "SUBACK 3.1.1",
    version: "3.1.1",
    ours: (n) => ({ type: "SUBACK", packetId: n + 1, reasons: [1, 2, 0] }),
    theirs: (n) => ({ cmd: "suback", messageId: n + 1, granted: [1, 2, 0] }),
  },
  {
    name: "UNSUBSCRIBE 3.1.1",
    version: "3.1.1",
    ours: (n) => ({ type: "UNSUBSCRIBE", packetId: n + 1, filters: [topic(n), "plant/+/line/#"] }),
    theirs: (n) => ({ cmd: "unsubscribe", messageId: n + 1, unsubscriptions: [topic(n), "plant/+/line/#"] }),
  },
  {
    name: "PINGREQ",
    version: "3.1.1",
    ours: () => ({ type: "PINGREQ" }),
    theirs: () => ({ cmd: "pingreq" }),
  },
  {
    name: "DISCONNECT 5.0",
    version: "5.0",
    ours: () => ({
      type: "DISCONNECT",
      reason: 0x8e,
      properties: [{ name: "reasonString", value: "Taken over" }],
    }),
    theirs: () => ({ cmd: "disconnect", reasonCode: 0x8e, properties: { reasonString: "Taken over" } }),
  },
];
