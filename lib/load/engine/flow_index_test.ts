import assert from "node:assert/strict";
import { testPlan } from "../plan/test_plan.ts";
import { FlowIndex } from "./flow_index.ts";

const PROFILE = `profile: test
title: Test
groups:
  - { group: p, role: publish, clients: 2, will: { topic: w/$client, qos: 1 }, publish: { topic: t/$client/$topic, topics: 2, qos: 2, rate: 1 } }
  - { group: r, role: respond, clients: 1, subscribe: [{ filter: t/# }], publish: { topic: t/r } }
stages: [{ hold: 1s }]
`;

Deno.test("a flow has the topic, the QoS and the publisher that the profile gives it", () => {
  const index = new FlowIndex(testPlan(PROFILE));
  const topics = Array.from({ length: 7 }, (_, flow) => index.topic(flow));
  assert.deepEqual(topics, ["t/0/0", "t/0/1", "t/1/0", "t/1/1", "w/0", "w/1", "t/r"]);
  assert.deepEqual([index.qos(0), index.qos(4), index.qos(6)], [2, 1, 0]);
  assert.deepEqual([index.isWill(3), index.isWill(4)], [false, true]);
  assert.deepEqual([index.isOf(2, 1), index.isOf(2, 0), index.isOf(5, 1)], [true, false, true]);
  assert.deepEqual([index.topic(99), index.qos(99), index.isOf(99, 0)], ["", 0, false]);
});

Deno.test("flows() finds flows with messages: no wills, and no flows of a responder", () => {
  const index = new FlowIndex(testPlan(PROFILE));
  assert.deepEqual(index.flows("t/+/0"), [0, 2]);
  assert.deepEqual(index.flows("#"), [0, 1, 2, 3]);
  assert.deepEqual(index.flows("t/1/1"), [3]);
  assert.deepEqual(index.flows("t/r"), []);
  assert.equal(index.flows("#"), index.flows("#"), "the same list the second time");
  assert.equal(index.lets("w/+", 4), true);
});

Deno.test("a flow is local if its publisher belongs to this shard", () => {
  const index = new FlowIndex(testPlan(PROFILE, { shard: { index: 2, of: 2 } }));
  assert.deepEqual([index.isLocal(0), index.isLocal(2)], [false, true]);
  assert.equal(new FlowIndex(testPlan(PROFILE)).isLocal(0), true);
});
