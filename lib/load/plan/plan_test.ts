import assert from "node:assert/strict";
import { fullRate, ofShard, ofWorker, ownerOf, planOf, qosOf, topicOf } from "./plan.ts";
import { profileOf, testPlan } from "./test_plan.ts";

const GROUPS = `groups:
  - { group: a, role: publish, clients: 2, will: { topic: w/$client, qos: 1 }, publish: { topic: t/$group/$client/$topic, topics: 2, qos: 2, rate: 20 } }
  - { group: b, role: both, clients: 3, subscribe: [{ filter: t/# }], publish: { topic: $run/$client, rate-per-client: 5 } }
stages: [{ hold: 1s }]
`;
const HEAD = "profile: test\ntitle: Test\n";
const PLAN = testPlan(HEAD + GROUPS);

Deno.test("clients and flows of all groups are numbered one after the other", () => {
  assert.deepEqual(
    PLAN.groups.map(({ firstClient, firstFlow, firstWill }) => [firstClient, firstFlow, firstWill]),
    [[0, 0, 4], [2, 6, 9]],
  );
  assert.deepEqual([PLAN.clients, PLAN.flows], [5, 9]);
});

Deno.test("ownerOf() finds the publisher of each flow, and topicOf() its topic", () => {
  const owners = Array.from({ length: 10 }, (_, flow) => ownerOf(PLAN, flow));
  assert.deepEqual(owners.map((owner) => owner && topicOf(PLAN, owner)), [
    "t/a/0/0",
    "t/a/0/1",
    "t/a/1/0",
    "t/a/1/1",
    "w/0",
    "w/1",
    "0000abcd/0",
    "0000abcd/1",
    "0000abcd/2",
    undefined,
  ]);
  assert.deepEqual(owners.slice(0, 7).map((owner) => owner && qosOf(owner)), [2, 2, 2, 2, 1, 1, 0]);
});

Deno.test("each client belongs to one worker of one shard", () => {
  for (let client = 0; client < 100; client++) {
    const places: string[] = [];
    for (let index = 1; index <= 3; index++) {
      for (let worker = 0; worker < 4; worker++) {
        if (ofWorker({ shard: { index, of: 3 }, workers: 4 }, client, worker)) {
          places.push(`${index}/${worker}`);
        }
      }
    }
    assert.equal(places.length, 1, `client ${client} in ${places}`);
    assert.equal(ofShard({ shard: { index: Number(places[0]?.[0]), of: 3 } }, client), true);
  }
});

Deno.test("fullRate() adds up what publishes at a rate, responders left out", () => {
  assert.equal(fullRate(profileOf(HEAD + GROUPS)), 35);
  const respond =
    `${HEAD}groups: [{ group: r, role: respond, clients: 1, subscribe: [{ filter: q }], publish: { topic: a, rate: 9 } }]\nstages: [{ hold: 1s }]\n`;
  assert.equal(fullRate(profileOf(respond)), 0);
});

Deno.test("throughput mode pauses for 32 messages of a client, and for a shorter time with a window", () => {
  const pauseMs = (rate: number, qos: number, executor = "arrival-rate") =>
    testPlan(
      `${HEAD}mode: throughput\nexecutor: ${executor}\ngroups: [{ group: p, role: publish, clients: 10, publish: { topic: t, qos: ${qos}, rate: ${rate} } }]\nstages: [{ hold: 1s }]\n`,
    ).pauseMs;
  assert.deepEqual([1_000, 64_000, 1_000_000].map((rate) => pauseMs(rate, 0)), [10, 5, 1]);
  assert.deepEqual([1_000, 1_000_000].map((rate) => pauseMs(rate, 1)), [2, 1]);
  assert.deepEqual([pauseMs(64_000, 0, "closed-loop"), PLAN.pauseMs], [10, 0]);
});

Deno.test("a profile with more topics than marks can distinguish has no plan", () => {
  // A file with this many is refused when it is read, so this profile is made in code.
  const few = profileOf(
    `${HEAD}groups: [{ group: p, role: publish, clients: 10, publish: { topic: t/$topic, topics: 100000, rate: 1 } }]\nstages: [{ hold: 1s }]\n`,
  );
  const profile = { ...few, groups: few.groups.map((group) => ({ ...group, clients: 1_000 })) };
  const choices = { run: "0", seed: 1, brokers: [], from: [], shard: { index: 1, of: 1 }, workers: 1 };
  assert.throws(() => planOf(profile, choices), /100000000 topics over all publishers; at most 16777216/);
});
