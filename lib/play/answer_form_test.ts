import assert from "node:assert/strict";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import { inAnyForm, namesNoVersion } from "./answer_form.ts";

const FIVE = encode({ type: "CONNACK", reason: 0x84 }, "5.0");
const THREE = encode({ type: "CONNACK", reason: 1 }, "3.1.1");

Deno.test("an answer is read in the version in which it breaks no rule", () => {
  for (const [bytes, reason] of [[FIVE, 0x84], [THREE, 1]] as const) {
    for (const version of ["3.1.1", "5.0"] as const) {
      const read = inAnyForm(decodeOne(bytes, version));
      assert.ok(read.kind === "packet" && read.packet.type === "CONNACK");
      assert.deepEqual([read.packet.reason, read.violations], [reason, []]);
    }
  }
});

Deno.test("a packet that breaks a rule in every version, and the close, are unchanged", () => {
  const wrong = decodeOne(Uint8Array.of(0x20, 1, 0), "3.1.1");
  assert.equal(inAnyForm(wrong), wrong);
  const closed = { kind: "closed", how: "end" } as const;
  assert.equal(inAnyForm(closed), closed);
});

Deno.test("a CONNECT names no version where its protocol name or level is that of none", () => {
  const named = (protocolName: string, protocolLevel: number) =>
    namesNoVersion(
      decodeOne(encode({ type: "CONNECT", clientId: "c", protocolName, protocolLevel }, "3.1.1"), "3.1.1"),
    );
  assert.deepEqual([named("MQTT", 4), named("MQTTX", 4), named("MQIsdp", 5), named("MQTT", 9)], [
    false,
    true,
    true,
    true,
  ]);
});
