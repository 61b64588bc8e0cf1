import assert from "node:assert/strict";
import { testPlan } from "../plan/test_plan.ts";
import { connectPacket } from "./connect_packet.ts";
import { type ReadMark, readMark } from "./mark.ts";

function connectOf(group: string, head = "", credentials?: { userName: string }) {
  const plan = testPlan(
    `profile: test\ntitle: Test\n${head}groups: [{ group: g, role: idle, clients: 3, ${group} }]\nstages: [{ hold: 1s }]\n`,
    { brokers: [{ address: { kind: "mqtt", host: "127.0.0.1", port: 1 }, credentials }] },
  );
  const [planned] = plan.groups;
  assert.ok(planned);
  const draft = connectPacket(plan, planned, 2, 2);
  assert.equal(draft.type, "CONNECT");
  return draft;
}

Deno.test("CONNECT has what the profile says about the client", () => {
  const { clientId, keepAlive, cleanStart, userName, protocolLevel, will } = connectOf(
    "client-id: c-$client, user-name: u$client, keep-alive: 30s, session: kept",
  );
  assert.deepEqual([clientId, keepAlive, cleanStart, userName, protocolLevel, will], [
    "c-2",
    30,
    false,
    "u2",
    4,
    undefined,
  ]);
});

Deno.test("a group without credentials uses those of the target", () => {
  assert.equal(connectOf("keep-alive: 0s", "", { userName: "lab" }).userName, "lab");
  assert.equal(connectOf("user-name: mine", "", { userName: "lab" }).userName, "mine");
});

Deno.test("a kept session of 5.0 is kept for an hour unless the profile says how long", () => {
  const properties = (group: string) => connectOf(group, 'protocol: "5.0"\n').properties;
  assert.deepEqual(properties("session: kept"), [{ name: "sessionExpiryInterval", value: 3_600 }]);
  assert.deepEqual(properties("session: kept, session-expiry: 5s"), [
    { name: "sessionExpiryInterval", value: 5 },
  ]);
  assert.deepEqual(properties("receive-maximum: 7, user-properties: { a: b }"), [
    { name: "receiveMaximum", value: 7 },
    { name: "userProperty", value: ["a", "b"] },
  ]);
  assert.deepEqual(connectOf("session: kept").properties, [], "3.1.1 has no properties");
});

Deno.test("a will carries the mark of its own flow", () => {
  const { will } = connectOf("will: { topic: w/$client, qos: 1 }");
  assert.equal(will?.topic, "w/2");
  const mark: ReadMark = { flow: 0, sequence: 0, due: 0, delay: 0 };
  const payload = will?.payload;
  assert.ok(payload instanceof Uint8Array);
  assert.equal(readMark(payload, 0, payload.length, mark), "right");
  assert.equal(mark.flow, 2);
});
