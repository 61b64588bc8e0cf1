import assert from "node:assert/strict";
import { decodeOne } from "../mqtt/decode.ts";
import { reasonFor } from "./reasons.ts";

const RULE = { message: "", offset: 0 };

Deno.test("a violation is a Malformed Packet unless 5.0 calls it something else", () => {
  const reasons = ["flags", "no-subscriptions", "property-twice", "packet-too-large", "topic-alias-zero"]
    .map((rule) => reasonFor([{ ...RULE, rule }]).toString(16));
  assert.deepEqual(reasons, ["81", "82", "82", "95", "94"]);
});

Deno.test("the first violation decides, and a packet without one arrived at the wrong time", () => {
  assert.equal(reasonFor([{ ...RULE, rule: "property-twice" }, { ...RULE, rule: "flags" }]), 0x82);
  assert.equal(reasonFor([]), 0x82);
});

Deno.test("the known rules are those of the decoder", () => {
  const packets = {
    // SUBSCRIBE without a filter, SUBSCRIBE with retain handling 3, PUBLISH with topic alias 0 or without a topic name.
    "8203000100": 0x82,
    "820700010000016131": 0x82,
    "300700016103230000": 0x94,
    "3003000000": 0x82,
  };
  for (const [hex, reason] of Object.entries(packets)) {
    const { violations } = decodeOne(Uint8Array.fromHex(hex), "5.0");
    assert.equal(reasonFor(violations), reason, `${hex}: ${violations.map(({ rule }) => rule).join(", ")}`);
  }
});
