import assert from "node:assert/strict";
import type { Property } from "../mqtt/packet.ts";
import { expiresAt, forwarded, numberProperty, propertyValue } from "./message.ts";

const PROPERTIES: readonly Property[] = [
  { name: "payloadFormatIndicator", value: 1 },
  { name: "messageExpiryInterval", value: 5 },
  { name: "topicAlias", value: 3 },
  { name: "userProperty", value: ["k", "1"] },
  { name: "contentType", value: "text" },
  { name: "userProperty", value: ["k", "2"] },
  { name: "subscriptionIdentifier", value: 4 },
];

Deno.test("subscribers get the publisher's message properties in order, but not those of its connection", () => {
  assert.deepEqual(forwarded(PROPERTIES).map(({ name, value }) => `${name} ${value}`), [
    "payloadFormatIndicator 1",
    "userProperty k,1",
    "contentType text",
    "userProperty k,2",
  ]);
});

Deno.test("a stored property does not keep its receive buffer alive", () => {
  const buffer = Uint8Array.of(1, 2, 3, 4);
  const [kept] = forwarded([{ name: "correlationData", value: buffer.subarray(1, 3) }]);
  buffer.fill(0);
  assert.ok(kept?.value instanceof Uint8Array);
  assert.deepEqual([...kept.value], [2, 3]);
  assert.equal(kept.value.buffer.byteLength, 2);
});

Deno.test("a property is found by its name, the first one if there are several", () => {
  assert.deepEqual(propertyValue(PROPERTIES, "userProperty"), ["k", "1"]);
  assert.equal(propertyValue(PROPERTIES, "responseTopic"), undefined);
  assert.equal(numberProperty(PROPERTIES, "topicAlias", 9), 3);
  assert.equal(numberProperty(PROPERTIES, "contentType", 9), 9);
  assert.equal(numberProperty([], "topicAlias", 9), 9);
});

Deno.test("a message expires this many seconds after its arrival, or never", () => {
  assert.equal(expiresAt(PROPERTIES, 1_000), 6_000);
  assert.equal(expiresAt([{ name: "messageExpiryInterval", value: 0 }], 1_000), 1_000);
  assert.equal(expiresAt([], 1_000), undefined);
});
