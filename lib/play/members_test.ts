import assert from "node:assert/strict";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Draft } from "../mqtt/packet.ts";
import { Scope } from "../spec/scope.ts";
import { choicesIn } from "../suite/file/choices.ts";
import { isExpect } from "../suite/step/expect.ts";
import { membersTaken } from "./members.ts";
import { stepsOf } from "../suite/test_suite.ts";

/** The members of the choices in a step that allow a packet, as they are written. */
async function taken(line: string, draft: Draft): Promise<readonly string[]> {
  const steps = await stepsOf([line], "mqtt", []);
  const outcomes = steps.filter(isExpect).flatMap((step) => step.outcomes);
  const arrival = decodeOne(encode(draft, "5.0"), "5.0");
  assert.equal(arrival.kind, "packet");
  const places = membersTaken(outcomes, arrival, new Scope());
  return choicesIn(steps).flatMap(({ members }) => members).filter(({ at }) => places.includes(at))
    .map(({ text }) => text);
}

Deno.test("membersTaken() names the outcome and the values that allow what came", async () => {
  const step =
    "c <- one of: [PUBACK: { packetId: 1, reason: [0, 0x10] }, DISCONNECT: { reason: [0x81, 0x82] }, closed]";
  assert.deepEqual(await taken(step, { type: "PUBACK", packetId: 1, reason: 0x10 }), [
    "PUBACK packetId=1 reason=[0, 0x10]",
    "0x10",
  ]);
  assert.deepEqual(await taken(step, { type: "DISCONNECT", reason: 0x82 }), [
    "DISCONNECT reason=[0x81, 0x82]",
    "0x82",
  ]);
});

Deno.test("membersTaken() looks into properties, and into the items of a list", async () => {
  const connack =
    "c <- CONNACK: { properties: { retainAvailable: [1, absent], maximumQoS: [0, 1, absent] } }";
  const properties = [{ name: "maximumQoS", value: 1 }];
  assert.deepEqual(await taken(connack, { type: "CONNACK", reason: 0, properties }), ["absent", "1"]);
  assert.deepEqual(
    await taken("c <- SUBACK: { reasons: [[0, 1], [0x80, 0x87]] }", {
      type: "SUBACK",
      packetId: 1,
      reasons: [1, 0x87],
    }),
    ["1", "0x87"],
  );
});
