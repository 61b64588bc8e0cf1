import assert from "node:assert/strict";
import { recorded } from "./recorded.ts";
import { RIGHT } from "./right.ts";

Deno.test("each decision that is used is reported by name, and its result is unchanged", () => {
  const asked: string[] = [];
  const behaviour = recorded({ ...RIGHT, maximumQos: 1 }, (hook) => asked.push(hook));
  assert.deepEqual(asked, []);
  assert.equal(behaviour.maximumQos, 1);
  assert.equal(behaviour.matches("t/+", "t/x"), true);
  assert.deepEqual(asked, ["maximumQos", "matches"]);
});

Deno.test("decisions of every packet are reported with the packet's type, once they are used", () => {
  const asked: string[] = [];
  const { outgoing, holdMs, remarks } = recorded(RIGHT, (hook) => asked.push(hook));
  assert.deepEqual(asked, []);
  const puback = { type: "PUBACK", packetId: 7 } as const;
  assert.deepEqual(outgoing(puback, "3.1.1"), [puback]);
  assert.equal(holdMs({ type: "PINGRESP" }), 0);
  assert.deepEqual(remarks(puback), []);
  assert.deepEqual(asked, ["outgoing PUBACK", "holdMs PINGRESP", "remarks PUBACK"]);
});

Deno.test("a defect applied to it still has every decision", () => {
  const asked: string[] = [];
  const behaviour = recorded(RIGHT, (hook) => asked.push(hook));
  assert.deepEqual(Object.keys(behaviour).sort(), Object.keys(RIGHT).sort());
});
