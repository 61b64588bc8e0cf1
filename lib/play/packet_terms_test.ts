import assert from "node:assert/strict";
import { codesIn, fieldWithValue, packetTerms } from "./packet_terms.ts";

Deno.test("a field is worded in the terms of the protocol", () => {
  const told = (protocol: string) => [
    fieldWithValue("CONNACK", "reason", "0", protocol),
    fieldWithValue("SUBACK", "reasons", "0 × 500", protocol),
    fieldWithValue("SUBACK", "reasons", "0 or 128", protocol),
    fieldWithValue("CONNACK", "sessionPresent", "false", protocol),
    fieldWithValue("CONNECT", "cleanStart", "true", protocol),
    fieldWithValue("PUBLISH", "topic", '"a"', protocol),
  ];
  assert.deepEqual(told("3.1.1"), [
    "return code 0",
    "return codes 0 × 500",
    "return codes 0, 0x80",
    "no session present",
    "clean session true",
    'topic "a"',
  ]);
  assert.deepEqual(told("5.0"), [
    "reason code 0",
    "reason codes 0 × 500",
    "reason codes 0, 0x80",
    "no session present",
    "clean start true",
    'topic "a"',
  ]);
});

Deno.test("a CONNACK that came is worded in the terms of the protocol", () => {
  const connack = { type: "CONNACK", sessionPresent: true, reason: 0, properties: [] } as const;
  assert.equal(packetTerms(connack, "3.1.1"), "CONNACK with return code 0, session present");
  assert.equal(
    packetTerms({ ...connack, sessionPresent: false, reason: 0x87 }, "5.0"),
    "CONNACK with reason code 0x87",
  );
  const properties = [{ name: "receiveMaximum", value: 20 }] as const;
  assert.equal(
    packetTerms({ ...connack, properties }, "5.0"),
    "CONNACK with reason code 0, session present {receiveMaximum=20}",
  );
  assert.equal(packetTerms(connack, undefined), "CONNACK 0 session-present");
});

Deno.test("codes from ten on stand in hex, and numbers of other fields as they are", () => {
  assert.equal(codesIn("reason", "is 135, expected 1 or 132"), "is 0x87, expected 1 or 0x84");
  assert.equal(codesIn("packetId", "is 135, expected 7"), "is 135, expected 7");
});
