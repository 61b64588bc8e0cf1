import assert from "node:assert/strict";
import type { ConnectPacket, Property } from "../mqtt/packet.ts";
import { willMessage, willOf } from "./will.ts";

function connect(will: ConnectPacket["will"]): ConnectPacket {
  return {
    type: "CONNECT",
    protocolName: "MQTT",
    protocolLevel: 5,
    cleanStart: true,
    keepAlive: 0,
    clientId: "c",
    properties: [],
    ...(will ? { will } : {}),
  };
}

Deno.test("a CONNECT without a will has none", () => {
  assert.equal(willOf(connect(undefined), "c", ""), undefined);
});

Deno.test("a will becomes a message of its client, and its expiry counts from its publication", () => {
  const payload = Uint8Array.of(1, 2);
  const properties: readonly Property[] = [
    { name: "willDelayInterval", value: 30 },
    { name: "messageExpiryInterval", value: 5 },
    { name: "contentType", value: "text" },
  ];
  const will = willOf(
    connect({ topic: "As/Sent", payload, qos: 2, retain: true, properties }),
    "assigned",
    "as/read",
  );
  assert.ok(will);
  assert.equal(will.delaySeconds, 30);
  payload.fill(0);
  assert.deepEqual(willMessage(will, 1_000), {
    topic: "as/read",
    payload: Uint8Array.of(1, 2),
    qos: 2,
    retain: true,
    dup: false,
    publisher: "assigned",
    properties: [{ name: "contentType", value: "text" }],
    expiresAt: 6_000,
  });
  assert.equal(willMessage(will, 2_000).expiresAt, 7_000);
});
