import assert from "node:assert/strict";
import { recorded } from "./recorded.ts";
import { RIGHT } from "./right.ts";

Deno.test("each decision that is asked for is told by its name, and decided as before", () => {
  const asked: string[] = [];
  const behaviour = recorded({ ...RIGHT, maximumQos: 1 }, (hook) => asked.push(hook));
  assert.deepEqual(asked, []);
  assert.equal(behaviour.maximumQos, 1);
  assert.equal(behaviour.matches("t/+", "t/x"), true);
  assert.deepEqual(asked, ["maximumQos", "matches"]);
});

Deno.test("what every packet asks for is told with the packet's type, once it is asked", () => {
  const asked: string[] = [];
  const { outgoing, holdMs, remarks } = recorded(RIGHT, (hook) => asked.push(hook));
  assert.deepEqual(asked, []);
  const puback = { type: "PUBACK", packetId: 7 } as const;
  assert.deepEqual(outgoing(puback, "3.1.1"), [puback]);
  assert.equal(holdMs({ type: "PINGRESP" }), 0);
  assert.deepEqual(remarks(puback), []);
  assert.deepEqual(asked, ["outgoing PUBACK", "holdMs PINGRESP", "remarks PUBACK"]);
});

Deno.test("a defect that is laid over it still has every decision", () => {
  const asked: string[] = [];
  const behaviour = recorded(RIGHT, (hook) => asked.push(hook));
  assert.deepEqual(Object.keys(behaviour).sort(), Object.keys(RIGHT).sort());
});
