import assert from "node:assert/strict";
import type { Packet } from "../mqtt/packet.ts";
import { packetData } from "./capture.ts";

Deno.test("a packet as data has its fields by name, properties by theirs, repeated ones as lists", () => {
  assert.deepEqual(
    packetData({
      type: "PUBLISH",
      topic: "a",
      payload: Uint8Array.of(1),
      qos: 1,
      retain: false,
      dup: true,
      packetId: 7,
      properties: [
        { name: "userProperty", value: ["k", "v"] },
        { name: "subscriptionIdentifier", value: 1 },
        { name: "subscriptionIdentifier", value: 2 },
        { name: "contentType", value: "text" },
      ],
    }),
    {
      type: "PUBLISH",
      topic: "a",
      payload: Uint8Array.of(1),
      qos: 1,
      retain: false,
      dup: true,
      packetId: 7,
      properties: { userProperty: [["k", "v"]], subscriptionIdentifier: [1, 2], contentType: "text" },
    },
  );
  assert.deepEqual(
    packetData({
      type: "CONNECT",
      protocolName: "MQTT",
      protocolLevel: 5,
      cleanStart: true,
      keepAlive: 0,
      clientId: "c",
      will: {
        topic: "w",
        payload: new Uint8Array(),
        qos: 0,
        retain: false,
        properties: [{ name: "willDelayInterval", value: 5 }],
      },
      properties: [],
    }).will,
    { topic: "w", payload: new Uint8Array(), qos: 0, retain: false, properties: { willDelayInterval: 5 } },
  );
});

Deno.test("packetData() leaves out what the packet does not have, and keeps its own bytes", () => {
  const payload = Uint8Array.of(0xff, 0x00);
  const packet: Packet = {
    type: "PUBLISH",
    topic: "a",
    payload,
    qos: 0,
    retain: false,
    dup: false,
    properties: [],
  };
  const data = packetData(Object.assign(packet, { packetId: undefined }));
  assert.equal("packetId" in data, false);
  assert.equal(data.payload, payload);
  assert.deepEqual(data.properties, {});
});

Deno.test("packetData() returns lists and their items, so a step can name one item", () => {
  const { subscriptions } = packetData({
    type: "SUBSCRIBE",
    packetId: 7,
    subscriptions: [
      { filter: "a", qos: 1, noLocal: true, retainAsPublished: false, retainHandling: 2 },
      { filter: "b", qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
    ],
    properties: [],
  });
  assert.deepEqual(subscriptions, [
    { filter: "a", qos: 1, noLocal: true, retainAsPublished: false, retainHandling: 2 },
    { filter: "b", qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
  ]);
});

Deno.test("a property that occurs three times is one list, and each user property is a separate pair", () => {
  const { properties } = packetData({
    type: "PUBACK",
    packetId: 7,
    reason: 0,
    properties: [
      { name: "subscriptionIdentifier", value: 1 },
      { name: "userProperty", value: ["a", "1"] },
      { name: "subscriptionIdentifier", value: 2 },
      { name: "userProperty", value: ["a", "2"] },
      { name: "subscriptionIdentifier", value: 3 },
    ],
  });
  assert.deepEqual(properties, {
    subscriptionIdentifier: [1, 2, 3],
    userProperty: [["a", "1"], ["a", "2"]],
  });
});
