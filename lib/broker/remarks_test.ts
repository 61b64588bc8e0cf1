import assert from "node:assert/strict";
import type { Draft, Property } from "../mqtt/packet.ts";
import { remarked } from "./remarks.ts";
import { RIGHT } from "./right.ts";

const OWN: Property = { name: "reasonString", value: "ok" };
const GIVEN: Property = { name: "userProperty", value: ["k", "v"] };
const TALKATIVE = { ...RIGHT, remarks: () => [OWN] };

Deno.test("remarks follow the packet's own properties", () => {
  const puback: Draft = { type: "PUBACK", packetId: 7, properties: [GIVEN] };
  assert.deepEqual(remarked(puback, TALKATIVE, true), { ...puback, properties: [GIVEN, OWN] });
  assert.deepEqual(remarked({ type: "DISCONNECT" }, TALKATIVE, true), {
    type: "DISCONNECT",
    properties: [OWN],
  });
});

Deno.test("a client that wants no remarks gets them only in packets that may always have them", () => {
  const types = [
    "CONNACK",
    "PUBLISH",
    "DISCONNECT",
    "PUBACK",
    "PUBREC",
    "PUBREL",
    "PUBCOMP",
    "SUBACK",
    "UNSUBACK",
  ];
  const told = types.filter((type) => remarked({ type } as Draft, TALKATIVE, false));
  assert.deepEqual(told, ["CONNACK", "PUBLISH", "DISCONNECT"]);
});

Deno.test("a packet is unchanged if there are no remarks or if they do not fit", () => {
  assert.equal(remarked({ type: "PUBACK", packetId: 7 }, RIGHT, true), undefined);
  assert.equal(remarked({ type: "PINGRESP" }, TALKATIVE, true), undefined);
});
