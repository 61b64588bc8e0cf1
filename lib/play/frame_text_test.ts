import assert from "node:assert/strict";
import { decodeOne } from "../mqtt/decode.ts";
import { describeFrame, describeViolation } from "./frame_text.ts";

const frame = (hex: string) => decodeOne(Uint8Array.fromHex(hex), "3.1.1");

Deno.test("a frame is one line, whether it is a packet, a malformed one, or no packet at all", () => {
  assert.equal(describeFrame(frame("d000")), "PINGRESP");
  assert.equal(describeFrame(frame("2000")), "malformed CONNACK");
  assert.equal(describeFrame(frame("0000")), "malformed packet of a reserved type");
  assert.equal(describeFrame(frame("30ffffffff01")), "bytes that are not a packet");
});

Deno.test("a broken rule is described by its clause, or by its own name, and by its byte", () => {
  const broken = { rule: "flags", message: "The flags are 1", offset: 3 };
  assert.equal(
    describeViolation({ ...broken, clause: "MQTT-2.2.2-1" }),
    "MQTT-2.2.2-1: The flags are 1 (byte 3)",
  );
  assert.equal(describeViolation(broken), "flags: The flags are 1 (byte 3)");
});
